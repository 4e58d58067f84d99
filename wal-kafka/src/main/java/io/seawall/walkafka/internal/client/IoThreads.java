package io.seawall.walkafka.internal.client;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes pools for tasks that may block. Up to a bound each task gets a thread of its own, so that the tasks of one log do not wait
 * for those of another log whose broker does not answer. Above the bound a task waits for a free thread. Idle threads end.
 */
public final class IoThreads {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private IoThreads() {}

    /**
     * Creates a pool that has no threads yet.
     *
     * @param most the highest number of threads
     * @param threads creates the threads
     */
    public static ExecutorService upTo(int most, ThreadFactory threads) {
        return new ThreadPoolExecutor(
                0, most, IDLE.toSeconds(), TimeUnit.SECONDS, new HandOver(), threads, IoThreads::enqueue);
    }

    /**
     * Accepts an offered task only if an idle thread takes it. So the pool starts another thread, and at the bound rejects the task;
     * the handler of rejected tasks then queues it.
     */
    private static final class HandOver extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }
    }

    private static void enqueue(Runnable task, ThreadPoolExecutor pool) {
        if (pool.isShutdown()) {
            throw new RejectedExecutionException("closing");
        }
        ((HandOver) pool.getQueue()).put(task);
        if (pool.isShutdown() && pool.getQueue().remove(task)) {
            throw new RejectedExecutionException("closing");
        }
    }

    /** Closes a pool: waits for its tasks for the given time, then interrupts the running ones and drops the waiting ones. */
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
