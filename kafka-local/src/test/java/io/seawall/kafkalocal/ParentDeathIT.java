package io.seawall.kafkalocal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ParentDeathIT {
    @TempDir
    private Path data;

    @Test
    void endsARunningBrokerByItsStandardInputAlone() throws Exception {
        // A search path without setpriv, so that the kernel does not help.
        endsWithItsParent("running", Map.of("PATH", data.toString()));
    }

    @Test
    void endsAPausedBrokerByTheKernel() throws Exception {
        endsWithItsParent("paused", Map.of());
    }

    @Test
    void refusesDataThatABrokerStillHasAfterItsParent() throws Exception {
        // given: a broker that nothing ends, because it is paused and the kernel does not help
        var parent = start("paused", Map.of("PATH", withoutSetpriv()));
        long broker;
        try (var output = parent.inputReader(UTF_8)) {
            broker = Long.parseLong(String.valueOf(output.readLine()));
            parent.destroyForcibly().waitFor();
        }
        try {
            assertThat(runs(broker)).isTrue();

            // when, then
            assertThatThrownBy(() ->
                            LocalKafka.builder().dataDir(data).keepData(true).start())
                    .isInstanceOf(LocalKafkaException.class)
                    .hasMessageContaining("is in use by process " + broker);
        } finally {
            ProcessHandle.of(broker).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** Returns a search path with only the shell, which sends the signal. */
    private String withoutSetpriv() throws IOException {
        var bin = Files.createDirectories(data.resolveSibling(data.getFileName() + "-bin"));
        Files.createSymbolicLink(bin.resolve("sh"), Path.of("/bin/sh"));
        return bin.toString();
    }

    private void endsWithItsParent(String state, Map<String, String> environment) throws Exception {
        // given
        var parent = start(state, environment);
        try (var output = parent.inputReader(UTF_8)) {
            long broker = Long.parseLong(String.valueOf(output.readLine()));
            assertThat(runs(broker)).isTrue();

            // when
            parent.destroyForcibly();

            // then
            await().atMost(Duration.ofSeconds(10)).until(() -> !runs(broker));
        } finally {
            parent.destroyForcibly();
        }
    }

    private Process start(String state, Map<String, String> environment) throws IOException {
        var command = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-D" + BrokerLibs.PROPERTY + "=" + System.getProperty(BrokerLibs.PROPERTY),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ParentMain.class.getName(),
                        data.toString(),
                        state)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        command.environment().putAll(environment);
        return command.start();
    }

    /** Returns whether a process runs. A zombie does not: the process that inherits it decides when to reap it. */
    private static boolean runs(long pid) throws IOException {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
