package io.seawall.node.periodic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeriodicTasksTest {
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final PeriodicTasks tasks = new PeriodicTasks("periodic-tasks-test");

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void aTaskThatFailsRunsAgain() throws InterruptedException {
        var runs = new CountDownLatch(3);

        tasks.every(Duration.ofMillis(1), () -> {
            runs.countDown();
            throw new IllegalStateException("a bug");
        });

        assertThat(runs.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void runsOnItsOwnDaemonThread() {
        var runner = CompletableFuture.supplyAsync(Thread::currentThread, tasks);

        assertThat(runner).succeedsWithin(BOUND).satisfies(thread -> {
            assertThat(thread.getName()).isEqualTo("periodic-tasks-test");
            assertThat(thread.isDaemon()).isTrue();
        });
    }
}
