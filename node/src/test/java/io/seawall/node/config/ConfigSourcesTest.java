package io.seawall.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourcesTest {
    @TempDir
    Path folder;

    @Test
    void theLaterSourceWins() throws IOException {
        // Given a file, an environment and assignments that disagree
        var file = Files.writeString(folder.resolve("node.properties"), "node.id=file\nhttp.port=1\nprefix=file-\n");
        var environment = Map.of("SEAWALL_HTTP_PORT", "2", "SEAWALL_PREFIX", "env-", "PATH", "/bin");

        // When
        var merged = ConfigSources.merge(file, environment, List.of("prefix=set-"));

        // Then
        assertThat(merged)
                .containsExactlyInAnyOrderEntriesOf(Map.of("node.id", "file", "http.port", "2", "prefix", "set-"));
    }

    @Test
    void variablesOfTheLauncherAreNoConfiguration() {
        var environment = Map.of(
                "SEAWALL_URL",
                "u",
                "SEAWALL_TOKEN",
                "t",
                "SEAWALL_OPTS",
                "o",
                "SEAWALL_HOME",
                "h",
                "SEAWALL_LOG_LEVEL",
                "DEBUG");

        assertThat(ConfigSources.merge(null, environment, List.of())).isEmpty();
    }

    @Test
    void anUnderscoreOfAVariableIsADot() {
        var merged = ConfigSources.merge(null, Map.of("SEAWALL_KAFKA_SSL_KEY_PASSWORD", "x"), List.of());

        assertThat(merged).containsOnlyKeys("kafka.ssl.key.password");
    }

    @Test
    void keepsEqualsSignsOfAValue() {
        assertThat(ConfigSources.merge(null, Map.of(), List.of("kafka.sasl.jaas.config=a=b")))
                .containsEntry("kafka.sasl.jaas.config", "a=b");
    }

    @Test
    void refusesAnAssignmentWithoutEqualsSignAndDoesNotRepeatIt() {
        assertThatThrownBy(() -> ConfigSources.merge(null, Map.of(), List.of("secret")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("key=value")
                .hasMessageNotContaining("secret");
    }

    @Test
    void saysWhichFileCannotBeRead() {
        assertThatThrownBy(() -> ConfigSources.merge(folder.resolve("none"), Map.of(), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none");
    }
}
