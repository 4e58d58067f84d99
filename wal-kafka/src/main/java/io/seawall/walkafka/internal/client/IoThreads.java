package io.seawall.walkafka.internal.client;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks that may block, each on a thread of its own up to a bound. So one log's tasks do not wait for those of another log whose
 * broker does not answer. A task that finds all threads busy waits for one. An idle thread ends after a while.
 */
public final class IoThreads {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private IoThreads() {}

    /**
     * A pool without threads.
     *
     * @param most the most threads
     */
    public static ExecutorService upTo(int most, ThreadFactory threads) {
        return new ThreadPoolExecutor(
                0, most, IDLE.toSeconds(), TimeUnit.SECONDS, new HandOver(), threads, IoThreads::await);
    }

    /**
     * Takes a task only if a thread waits for one, so that the pool starts another thread. At the bound it refuses, and only then
     * the task is queued.
     */
    private static final class HandOver extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }
    }

    private static void await(Runnable task, ThreadPoolExecutor pool) {
        if (pool.isShutdown()) {
            throw new RejectedExecutionException("closing");
        }
        ((HandOver) pool.getQueue()).put(task);
        if (pool.isShutdown() && pool.getQueue().remove(task)) {
            throw new RejectedExecutionException("closing");
        }
    }

    /** Closes a pool: running tasks get a little time and are then interrupted; waiting tasks are dropped. */
    public static void close(ExecutorService pool, Duration grace) {
        pool.shutdown();
        try {
            if (pool.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        pool.shutdownNow();
    }
}
