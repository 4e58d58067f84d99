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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                "SEAWALL_GRPC",
                "g",
                "SEAWALL_TOKEN",
                "t",
                "SEAWALL_TOKEN_FILE",
                "f",
                "SEAWALL_OPTS",
                "o",
                "SEAWALL_HOME",
                "h",
                "SEAWALL_LOG_LEVEL",
                "DEBUG");

        assertThat(ConfigSources.merge(null, environment, List.of())).isEmpty();
    }

    /**
     * The variables that Kubernetes sets in every pod of a namespace with the Services seawall, seawall-http and
     * seawall-kafka.
     */
    @ParameterizedTest
    @CsvSource({
        "SEAWALL_SERVICE_HOST,10.0.0.1",
        "SEAWALL_SERVICE_PORT,7070",
        "SEAWALL_SERVICE_PORT_HTTP,7070",
        "SEAWALL_SERVICE_PORT_GRPC_WEB,7071",
        "SEAWALL_PORT,tcp://10.0.0.1:7070",
        "SEAWALL_PORT_7070_TCP,tcp://10.0.0.1:7070",
        "SEAWALL_PORT_7070_TCP_PROTO,tcp",
        "SEAWALL_PORT_7070_TCP_PORT,7070",
        "SEAWALL_PORT_7070_TCP_ADDR,10.0.0.1",
        "SEAWALL_PORT_53_UDP,udp://10.0.0.1:53",
        "SEAWALL_PORT_53_UDP_ADDR,fd00::1",
        "SEAWALL_PORT_9_SCTP_PROTO,sctp",
        "SEAWALL_HTTP_SERVICE_HOST,10.0.0.2",
        "SEAWALL_HTTP_SERVICE_PORT,80",
        "SEAWALL_HTTP_PORT,tcp://10.0.0.2:80",
        "SEAWALL_HTTP_PORT_80_TCP_ADDR,10.0.0.2",
        "SEAWALL_KAFKA_PORT,tcp://[fd00::1]:9092",
        "SEAWALL_KAFKA_SERVICE_PORT_CLIENT,9092",
    })
    void variablesThatKubernetesMakesForAServiceAreNoConfiguration(String name, String value) {
        var environment = Map.of(name, value, "SEAWALL_PREFIX", "mine-");

        assertThat(ConfigSources.merge(null, environment, List.of()))
                .containsExactlyEntriesOf(Map.of("prefix", "mine-"));
        assertThat(ConfigSources.madeByKubernetes(environment)).containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource({
        "SEAWALL_HTTP_PORT,7070",
        "SEAWALL_HTTP_PROT,7070",
        "SEAWALL_PORT,7070",
        "SEAWALL_SERVICE_NAME,x",
        "SEAWALL_PORT_HTTP,7070",
        "SEAWALL_HTTP_HOST,tcp://10.0.0.1:7070",
        "SEAWALL_KAFKA_SASL_KERBEROS_SERVICE_NAME,kafka",
    })
    void whatOnlyLooksLikeThoseIsConfiguration(String name, String value) {
        assertThat(ConfigSources.merge(null, Map.of(name, value), List.of())).hasSize(1);
        assertThat(ConfigSources.madeByKubernetes(Map.of(name, value))).isEmpty();
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
    void saysWhichFileCannotBeReadAndWhy() throws IOException {
        refused(folder.resolve("none"), "no such file");
        refused(folder, "it is a directory");
        refused(Files.write(folder.resolve("latin"), new byte[] {'a', '=', (byte) 0xe4}), "it is not UTF-8");
        refused(Files.write(folder.resolve("utf16"), new byte[] {(byte) 0xff, (byte) 0xfe, 'a', 0}), "it is not UTF-8");
        refused(Files.writeString(folder.resolve("escape"), "a=\\u12\n"), "Malformed");
    }

    private static void refused(Path file, String why) {
        assertThatThrownBy(() -> ConfigSources.merge(file, Map.of(), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why)
                .hasMessageNotContaining("java.");
    }

    @Test
    void theByteOrderMarkOfAnEditorIsNoPartOfTheFirstKey() throws IOException {
        var file = Files.writeString(folder.resolve("bom"), "\ufeffnode.id=n1\n");

        assertThat(ConfigSources.merge(file, Map.of(), List.of())).containsExactlyEntriesOf(Map.of("node.id", "n1"));
    }
}
