package io.seawall.kafkalocal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DirectoryLockTest {
    @TempDir
    private Path parent;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (var process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Another process that tries to lock the directory, and its output. */
    private record Other(Process process, String says) {}

    private Other other() throws IOException {
        var process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockMain.class.getName(),
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
    void refusesADirectoryThatAnotherProcessHasAndNamesBoth() throws IOException {
        var other = other();
        assertThat(other.says()).isEqualTo("locked");

        assertThatThrownBy(() -> DirectoryLock.take(data()))
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining(data().toRealPath().toString())
                .hasMessageContaining("process " + other.process().pid());
    }

    @Test
    void takesADirectoryWhoseOwnerWasKilled() throws Exception {
        var other = other();
        other.process().destroyForcibly().waitFor();

        try (var lock = DirectoryLock.take(data())) {
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void keepsItsLockWhenThisProcessTriesAgainUnderAnotherName() throws IOException {
        // given: a second name, as the kernel frees all locks of a process when any channel of the file is closed
        var lock = DirectoryLock.take(data());
        var alias = Files.createSymbolicLink(parent.resolve("alias"), data());
        assertThatThrownBy(() -> DirectoryLock.take(alias)).hasMessageContaining("this process");

        // when
        var other = other();

        // then
        assertThat(other.says()).contains("process " + ProcessHandle.current().pid());
        lock.close();
    }

    @Test
    void isFreeOnceItIsClosed() throws IOException {
        var lock = DirectoryLock.take(data());

        lock.close();
        lock.close();

        assertThat(other().says()).isEqualTo("locked");
    }
}
