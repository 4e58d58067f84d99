package io.seawall.lifetime;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A manager on one thread, as in a simulation. */
class GivenThreadsTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);

    /** Runs tasks when the test says so. */
    private static final class Later extends AbstractExecutorService {
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private boolean shutdown;

        void runAll() {
            for (var task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shutdown;
        }
    }

    @Test
    void aManagerDoesEverythingOnTheThreadsThatItWasGiven() {
        var journal = new Journal();
        var tasks = new Later();
        var timer = new ScheduledThreadPoolExecutor(1);
        try {
            var threads = new WalManager.Threads(tasks, tasks, timer, task -> {
                throw new AssertionError("nothing is late");
            });
            var settings = new LifetimeSettings(Duration.ofMinutes(1), Duration.ofSeconds(5), 2);
            var manager = new WalManager(
                    new FakeOpener(journal), new FakeFlusher(journal), settings, InstantSource.system(), threads);

            var opened = manager.open(ORDERS, 3);
            assertThat(opened).isNotDone();
            tasks.runAll();
            assertThat(opened).isCompleted();
            assertThat(manager.get(ORDERS, 3).term()).isEqualTo(3);

            var removed = manager.remove(ORDERS, 3);
            assertThat(removed).isNotDone();
            tasks.runAll();
            assertThat(removed).isCompleted();
            assertThat(manager.status(ORDERS).orElseThrow().current()).isEqualTo(LifetimeState.unavailableAt(3));
        } finally {
            timer.shutdownNow();
        }
    }
}
