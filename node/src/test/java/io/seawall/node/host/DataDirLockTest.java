package io.seawall.node.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.node.Node;
import io.seawall.node.config.NodeConfig;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.RequestException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DataDirLockTest {
    @TempDir
    private Path parent;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (var process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Another process that tries to lock the directory, and its first line of output. */
    private record Other(Process process, String says) {}

    private Other other() throws IOException {
        var process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DataDirLockMain.class.getName(),
                        data().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        var output = new BufferedReader(process.inputReader(UTF_8));
        return new Other(process, String.valueOf(output.readLine()));
    }

    private Path data() {
        return parent.resolve("data");
    }

    @Test
    void aNodeRefusesADirectoryThatAnotherProcessHasBeforeItNeedsKafka() throws IOException {
        // given
        var other = other();
        assertThat(other.says()).isEqualTo("locked");
        var config = new NodeConfig(
                Map.of("node.id", "n2", "kafka.bootstrap.servers", "127.0.0.1:1", "data.dir", data().toString()));

        // when, then
        assertThatThrownBy(() -> Node.start(config))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining(data().toRealPath().toString())
                .hasMessageContaining("process " + other.process().pid())
                .hasMessageContaining("data.dir");
        assertThat(data()).isDirectoryNotContaining("glob:**/{segments,spool}");
    }

    @Test
    void takesADirectoryWhoseOwnerWasKilled() throws Exception {
        var other = other();
        other.process().destroyForcibly().waitFor();

        DataDirLock.take(data()).close();
    }

    @Test
    void keepsItsLockWhenThisProcessTriesAgainUnderAnotherName() throws IOException {
        // given: a second name, because the kernel frees all locks of a process when any channel of the file is closed
        var lock = DataDirLock.take(data());
        var alias = Files.createSymbolicLink(parent.resolve("alias"), data());
        assertThatThrownBy(() -> DataDirLock.take(alias)).hasMessageContaining("this process");

        // when
        var other = other();

        // then
        assertThat(other.says()).contains("process " + ProcessHandle.current().pid());
        lock.close();
    }

    @Test
    void saysWhichDirectoryCannotBeUsedAndWhy() throws IOException {
        var file = Files.writeString(parent.resolve("file"), "x");

        assertThatThrownBy(() -> DataDirLock.take(file.resolve("data")))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining(file.resolve("data").toString())
                .hasMessageContaining("Not a directory")
                .hasMessageContaining("set data.dir");
    }
}
