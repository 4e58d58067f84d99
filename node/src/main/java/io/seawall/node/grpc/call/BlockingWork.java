package io.seawall.node.grpc.call;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.serve.WorkerPool;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** A pool of threads for tasks of calls that block, with a bounded queue. Thread-safe. */
public final class BlockingWork implements AutoCloseable {
    private final String name;
    private final int threads;
    private final WorkerPool workers;
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
        workers = new WorkerPool("seawall-grpc-" + name, threads, queue);
        metrics.gauge("seawall.grpc." + name + ".busy", "busy threads of the pool", workers::busy);
    }

    /**
     * Runs a task.
     *
     * @param failed gets the task's exception, or OVERLOADED if the pool is full
     */
    public void run(Runnable task, Consumer<Throwable> failed) {
        workers.run(task, failed::accept, full -> failed.accept(refusal(full)));
    }

    private WalException refusal(RejectedExecutionException full) {
        metrics.limited(name);
        return Problem.of(ErrorCode.OVERLOADED, "serve the call")
                .found("all " + threads + " threads for " + name + " busy")
                .expected("fewer calls at once")
                .fix("try again")
                .cause(full)
                .exception();
    }

    /** Interrupts running tasks and waits for them for a bounded time. */
    @Override
    public void close() {
        workers.close();
    }
}
