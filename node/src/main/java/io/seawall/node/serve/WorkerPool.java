package io.seawall.node.serve;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Threads for tasks that may block, with a bounded queue. Idle threads end. Thread-safe. */
public final class WorkerPool implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 5;

    private final ThreadPoolExecutor executor;

    /**
     * Creates a pool without threads.
     *
     * @param name the names of the threads begin with it
     * @param threads the most threads
     * @param queue how many tasks may wait for one; 0 if none may
     */
    public WorkerPool(String name, int threads, int queue) {
        BlockingQueue<Runnable> waiting = queue == 0 ? new SynchronousQueue<>() : new LinkedBlockingQueue<>(queue);
        var number = new AtomicInteger();
        executor = new ThreadPoolExecutor(
                queue == 0 ? 0 : threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, waiting, task -> {
                    var thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        if (queue > 0) {
            executor.allowCoreThreadTimeOut(true);
        }
    }

    /** Returns how many threads run a task. */
    public int busy() {
        return executor.getActiveCount();
    }

    /**
     * Runs a task.
     *
     * @param failed gets the task's exception
     * @param full called at once, instead of the task, if no thread is free and the queue is full, or the pool is closed
     */
    public void run(Runnable task, Consumer<RuntimeException> failed, Consumer<RejectedExecutionException> full) {
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    failed.accept(e);
                }
            });
        } catch (RejectedExecutionException rejected) {
            full.accept(rejected);
        }
    }

    /** Interrupts running tasks and waits for them for a bounded time. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
