package io.seawall.node.http.exchange;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A pool of threads for tasks that may block, with a bounded queue. When the queue is full, requests are refused. */
public final class BoundedPool implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 5;

    private final String name;
    private final int threads;
    private final ThreadPoolExecutor executor;
    private final NodeMetrics metrics;

    public BoundedPool(String name, int threads, int queue, NodeMetrics metrics) {
        this.name = name;
        this.threads = threads;
        this.metrics = metrics;
        BlockingQueue<Runnable> waiting = queue == 0 ? new SynchronousQueue<>() : new LinkedBlockingQueue<>(queue);
        var number = new AtomicInteger();
        executor = new ThreadPoolExecutor(
                queue == 0 ? 0 : threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, waiting, task -> {
                    var thread = new Thread(task, "seawall-" + name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        if (queue > 0) {
            executor.allowCoreThreadTimeOut(true);
        }
        metrics.gauge("seawall.http." + name + ".busy", "busy threads of the pool", executor::getActiveCount);
    }

    /**
     * Runs a task for a request. Answers with the task's exception if it throws one, and with OVERLOADED if the pool is
     * full.
     */
    public void run(Exchange exchange, Runnable task) {
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    exchange.fail(e);
                }
            });
        } catch (RejectedExecutionException e) {
            metrics.refused(name);
            exchange.fail(exchange.problem(ErrorCode.OVERLOADED)
                    .found("all " + threads + " threads for " + name + " busy")
                    .expected("fewer requests at once")
                    .fix("try again")
                    .cause(e)
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
