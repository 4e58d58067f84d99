package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaBuilderTest {
    @Test
    void refusesNoBrokers() {
        assertThatThrownBy(() -> LocalKafka.builder().brokers(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("brokers is 0, expected 1 to 9");
    }

    @Test
    void refusesFewerPortsThanBrokers() {
        assertThatThrownBy(() -> LocalKafka.builder().brokers(3).ports(9092).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ports is [9092], expected one for each of 3 brokers");
    }

    @Test
    void refusesALevelBelowZero() {
        assertThatThrownBy(() -> LocalKafka.builder().feature("transaction.version", -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the level of transaction.version is -1, expected 0 or more");
    }

    @Test
    void refusesToKeepDataInATemporaryDirectory() {
        assertThatThrownBy(() -> LocalKafka.builder().keepData(true).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dataDir");
    }

    @Test
    void statesHowToGetTheJarsIfTheyAreNotConfigured() {
        assertThatThrownBy(() -> LocalKafka.builder().start())
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining("seawall.broker.libs")
                .hasMessageContaining("mvn");
    }

    @Test
    void namesADataDirectoryThatCannotBeOneAndWhy(@TempDir Path folder) throws IOException {
        Files.createFile(folder.resolve("kafka_2.13-4.4.0.jar"));
        var file = Files.writeString(folder.resolve("file"), "x");
        var data = file.resolve("kafka");

        assertThatThrownBy(() -> LocalKafka.builder()
                        .libs(folder)
                        .dataDir(data)
                        .keepData(true)
                        .start())
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining(data.toString())
                .hasMessageContaining("Not a directory")
                .hasMessageNotContaining("java.nio");
    }
}
