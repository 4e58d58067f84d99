package io.seawall.node.grpc.call;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A pool of threads for tasks of calls that block, with a bounded queue. Thread-safe. */
public final class BlockingWork implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 5;

    private final String name;
    private final int threads;
    private final ThreadPoolExecutor executor;
    private final NodeMetrics metrics;

    /**
     * Creates a pool without threads.
     *
     * @param name what the threads do, as in the names of threads and meters
     * @param threads the most threads
     * @param queue how many tasks may wait for one; 0 if none may
     * @param metrics counts refused tasks
     */
    public BlockingWork(String name, int threads, int queue, NodeMetrics metrics) {
        this.name = name;
        this.threads = threads;
        this.metrics = metrics;
        var number = new AtomicInteger();
        executor = new ThreadPoolExecutor(
                queue == 0 ? 0 : threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                queue == 0 ? new SynchronousQueue<>() : new LinkedBlockingQueue<>(queue),
                task -> {
                    var thread = new Thread(task, "seawall-grpc-" + name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        if (queue > 0) {
            executor.allowCoreThreadTimeOut(true);
        }
        metrics.gauge("seawall.grpc." + name + ".busy", "busy threads of the pool", executor::getActiveCount);
    }

    /**
     * Runs a task.
     *
     * @param failed gets the task's exception, or OVERLOADED if the pool is full
     */
    public void run(Runnable task, Consumer<Throwable> failed) {
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    failed.accept(e);
                }
            });
        } catch (RejectedExecutionException full) {
            metrics.limited(name);
            failed.accept(Problem.of(ErrorCode.OVERLOADED, "serve the call")
                    .found("all " + threads + " threads for " + name + " busy")
                    .expected("fewer calls at once")
                    .fix("try again")
                    .cause(full)
                    .exception());
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
