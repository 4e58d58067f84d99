package io.seawall.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a separate process treats its environment. */
@Timeout(60)
class EnvironmentTest {
    @TempDir
    private Path folder;

    private record Outcome(int code, String out, String err) {}

    private Outcome run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        var out = folder.resolve("out");
        var err = folder.resolve("err");
        var builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Seawall.class.getName());
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment);
        var process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            return new Outcome(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void ignoresWhatKubernetesSetsForAServiceNamedSeawallAndSaysSoOnceBesideTheResult() throws Exception {
        var environment = Map.of(
                "SEAWALL_SERVICE_HOST", "10.0.0.1",
                "SEAWALL_PORT", "tcp://10.0.0.1:7070",
                "SEAWALL_PORT_7070_TCP_ADDR", "10.0.0.1");

        var outcome = run(environment, "segments", "ls", "--root", Files.createDirectory(folder.resolve("s")) + "");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).doesNotContain("Kubernetes");
        assertThat(outcome.err().lines())
                .filteredOn(line -> line.contains("Kubernetes"))
                .singleElement()
                .asString()
                .contains("SEAWALL_PORT", "SEAWALL_PORT_7070_TCP_ADDR", "SEAWALL_SERVICE_HOST");
    }

    @Test
    void refusesAMisspeltKeyAmongThem() throws Exception {
        var environment = Map.of("SEAWALL_SERVICE_HOST", "10.0.0.1", "SEAWALL_HTTP_PROT", "7070");

        var outcome = run(environment, "segments", "ls", "--root", folder.toString());

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("unknown configuration key http.prot; did you mean http.port?");
    }

    @Test
    void takesTheGrpcAddressFromTheEnvironmentUnlessItIsEmpty() throws Exception {
        var set = run(Map.of("SEAWALL_GRPC", "127.0.0.1:1"), "read", "orders-0", "--url", "http://127.0.0.1:2");
        var empty = run(Map.of("SEAWALL_GRPC", ""), "read", "orders-0", "--url", "http://127.0.0.1:2");

        assertThat(set.err()).startsWith("seawall: NO_CONNECTION: nothing answers at 127.0.0.1:1;");
        assertThat(empty.err()).startsWith("seawall: NO_CONNECTION: nothing answers at http://127.0.0.1:2");
    }

    @Test
    void aFileNameThatTheLocaleCannotHaveIsAWrongUseAndNoBug() throws Exception {
        var outcome = run(
                Map.of("LC_ALL", "C"),
                "segments",
                "export",
                "orders-0",
                "--root",
                folder.toString(),
                "--output",
                "d\u00fc");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("--output", "UTF-8 locale")
                .doesNotContain("java.nio")
                .doesNotContain("INTERNAL");
    }
}
