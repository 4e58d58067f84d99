package io.seawall.coordinator.kafka;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends threads in bounded time. */
final class Threads {
    private Threads() {}

    /** Waits for a thread that is about to end; interrupts it after that time. */
    static void join(@Nullable Thread thread, Duration patience) {
        if (thread == null) {
            return;
        }
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }

    /** Waits for the tasks of an executor; after that time interrupts the running one and drops the waiting ones. */
    static void close(ExecutorService executor, Duration patience) {
        executor.shutdown();
        try {
            if (executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
