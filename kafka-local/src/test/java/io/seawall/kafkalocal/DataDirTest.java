package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirTest {
    @TempDir
    private Path parent;

    @Test
    void keepsTheClusterIdOverRuns() throws IOException {
        var first = DataDir.open(root(), true, 1, new Random(1));

        var second = DataDir.open(root(), true, 1, new Random(2));

        assertThat(second.clusterId()).isEqualTo(first.clusterId()).hasSize(22);
    }

    @Test
    void makesIdsThatAreNoOptionOfTheStorageTool() throws IOException {
        for (int seed = 0; seed < 500; seed++) {
            var data = DataDir.open(parent.resolve("c" + seed), false, 1, new Random(seed));
            assertThat(data.clusterId()).as("seed %d", seed).doesNotStartWith("-");
        }
    }

    @Test
    void refusesAnotherNumberOfBrokers() throws IOException {
        DataDir.open(root(), true, 1, new Random(1));

        assertThatThrownBy(() -> DataDir.open(root(), true, 3, new Random(1)))
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining("of 1 brokers, expected 3");
    }

    @Test
    void discardsItsOwnFilesAndNothingElse() throws IOException {
        // given
        var data = DataDir.open(root(), false, 1, new Random(1));
        Files.writeString(Files.createDirectories(data.node(0)).resolve("broker.log"), "x");
        var foreign = Files.writeString(root().resolve("notes.txt"), "x");

        // when
        data.discard();

        // then
        assertThat(root()).isDirectoryContaining(foreign::equals);
        assertThat(data.node(0)).doesNotExist();
        assertThat(root().resolve("cluster.properties")).doesNotExist();
    }

    @Test
    void discardsTheWholeDirectoryIfNothingElseIsThereOnce() throws IOException {
        var lock = DirectoryLock.take(root());
        var data = DataDir.open(root(), false, 1, new Random(1));

        data.discard();
        lock.close();
        data.discard();

        assertThat(root()).doesNotExist();
    }

    /** Kafka reads its settings as Latin-1, as Properties.load of a stream does. */
    @Test
    void writesSettingsThatKafkaReadsWhateverTheLettersOfAPath() throws IOException {
        var settings = new Properties();
        settings.setProperty("log.dirs", "/d\u00fc/\u65e5 a=b:c\\d");

        DataDir.writeProperties(parent.resolve("server.properties"), settings, "d\u00fc");

        var read = new Properties();
        try (var in = Files.newInputStream(parent.resolve("server.properties"))) {
            read.load(in);
        }
        assertThat(read).isEqualTo(settings);
    }

    @Test
    void refusesADirectoryThatKafkaWouldTakeForTwo() {
        assertThatThrownBy(() -> DataDir.open(parent.resolve("a,b"), true, 1, new Random(1)))
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining("a,b")
                .hasMessageContaining("','");
        assertThat(parent.resolve("a,b/cluster.properties")).doesNotExist();
    }

    private Path root() {
        return parent.resolve("kafka");
    }
}
