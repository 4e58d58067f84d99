package io.seawall.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopSignalsTest {
    @Test
    void theFirstSignalRunsTheHookAndTheSecondInterruptsIt() throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StopSignalsMain.class.getName())
                .redirectErrorStream(true)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            assertThat(out.readLine()).isEqualTo("started");

            process.toHandle().destroy(); // Process.destroy would close its output here
            assertThat(out.readLine()).isEqualTo("stopping");
            process.toHandle().destroy(); // Process.destroy would close its output here

            assertThat(out.readLine()).isEqualTo("hurried");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("as the JVM's own").isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }
}
