package io.seawall.node.http.exchange;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.serve.WorkerPool;
import io.seawall.wal.ErrorCode;
import java.util.concurrent.RejectedExecutionException;

/** A pool of threads for tasks that may block, with a bounded queue. When the queue is full, requests are refused. */
public final class BoundedPool implements AutoCloseable {
    private final String name;
    private final int threads;
    private final WorkerPool workers;
    private final NodeMetrics metrics;

    public BoundedPool(String name, int threads, int queue, NodeMetrics metrics) {
        this.name = name;
        this.threads = threads;
        this.metrics = metrics;
        workers = new WorkerPool("seawall-" + name, threads, queue);
        metrics.gauge("seawall.http." + name + ".busy", "busy threads of the pool", workers::busy);
    }

    /**
     * Runs a task for a request. Answers with the task's exception if it throws one, and with OVERLOADED if the pool is
     * full.
     */
    public void run(Exchange exchange, Runnable task) {
        workers.run(task, exchange::fail, full -> refuse(exchange, full));
    }

    private void refuse(Exchange exchange, RejectedExecutionException full) {
        metrics.refused(name);
        exchange.fail(exchange.problem(ErrorCode.OVERLOADED)
                .found("all " + threads + " threads for " + name + " busy")
                .expected("fewer requests at once")
                .fix("try again")
                .cause(full)
                .exception());
    }

    /** Interrupts running tasks and waits for them for a bounded time. */
    @Override
    public void close() {
        workers.close();
    }
}
