package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerLibsTest {
    @TempDir
    private Path directory;

    @Test
    void putsTheBrokersJarsBeforeOurOwnClasses() throws IOException {
        Files.createFile(directory.resolve("kafka_2.13-4.4.0.jar"));

        var classPath = BrokerLibs.checked(directory).classPath();

        assertThat(classPath).startsWith(directory.resolve("*") + ":");
    }

    @Test
    void refusesADirectoryThatIsNotThereAndSaysHowToBuildIt() {
        assertThatThrownBy(() -> BrokerLibs.checked(directory.resolve("missing")))
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining("missing")
                .hasMessageContaining(BrokerLibs.PROPERTY)
                .hasMessageContaining("mvn");
    }

    @Test
    void refusesTwoVersionsOfKafka() throws IOException {
        Files.createFile(directory.resolve("kafka_2.13-4.3.1.jar"));
        Files.createFile(directory.resolve("kafka_2.13-4.4.0.jar"));

        assertThatThrownBy(() -> BrokerLibs.checked(directory))
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining("Found 2")
                .hasMessageContaining("mvn clean");
    }

    @Test
    void refusesAnEmptyDirectory() {
        assertThatThrownBy(() -> BrokerLibs.checked(directory))
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining("Found 0");
    }

    @Test
    void refusesADirectoryWithASeparatorInItsName() throws IOException {
        var odd = Files.createDirectory(directory.resolve("a:b"));
        Files.createFile(odd.resolve("kafka_2.13-4.4.0.jar"));

        assertThatThrownBy(() -> BrokerLibs.checked(odd))
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining(odd.toString())
                .hasMessageContaining("':'");
    }
}
