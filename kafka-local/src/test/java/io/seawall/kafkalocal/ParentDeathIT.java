package io.seawall.kafkalocal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ParentDeathIT {
    @TempDir
    private Path data;

    /** Running, its watch on standard input ends it too; paused, only the kernel can (setpriv --pdeathsig). */
    @ParameterizedTest
    @ValueSource(strings = {"running", "paused"})
    void endsTheBrokerWithAParentThatIsKilled(String state) throws Exception {
        // given
        var parent = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-D" + BrokerLibs.PROPERTY + "=" + System.getProperty(BrokerLibs.PROPERTY),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ParentMain.class.getName(),
                        data.toString(),
                        state)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
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

    /** A zombie does not run: whether it is reaped is up to the process that inherits it. */
    private static boolean runs(long pid) throws IOException {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
