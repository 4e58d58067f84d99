package io.seawall.flusher.history;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The threads that look up and verify segments for all readers; they end when idle. */
final class ReadThreads {
    /** How many lookups may wait: more than the readers of a node. */
    private static final int MOST_WAITING = 256;

    private static final int IDLE_S = 10;

    private final ThreadPoolExecutor pool;

    ReadThreads(int threads) {
        var names = new AtomicInteger();
        pool = new ThreadPoolExecutor(
                threads, threads, IDLE_S, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    var thread = new Thread(task, "seawall-segment-reads-" + names.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a lookup in the background; it fails with OVERLOADED if too many wait, SHUTTING_DOWN after {@link #stop}.
     */
    <T> CompletableFuture<T> ask(Supplier<T> question) {
        try {
            return CompletableFuture.supplyAsync(question, pool);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(refused());
        }
    }

    /** Runs a task that no caller waits for, unless lookups are queued. */
    void whenIdle(Runnable task) {
        if (!pool.getQueue().isEmpty()) {
            return;
        }
        try {
            pool.execute(task);
        } catch (RejectedExecutionException e) {
            // The queue is full: the task is skipped, and its work is done when a reader needs it.
        }
    }

    private WalException refused() {
        return pool.isShutdown()
                ? Problem.of(ErrorCode.SHUTTING_DOWN, "read segments")
                        .found("a node that is closing")
                        .exception()
                : Problem.of(ErrorCode.OVERLOADED, "read segments")
                        .found(MOST_WAITING + " lookups that wait for a thread")
                        .fix("try again")
                        .exception();
    }

    /** Stops starting tasks and interrupts those in progress; does not wait for them. */
    void stop() {
        pool.shutdownNow();
    }
}
