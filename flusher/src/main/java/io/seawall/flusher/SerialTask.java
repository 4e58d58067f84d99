package io.seawall.flusher;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task on a shared executor, one run at a time. However often a run is requested, at most one is queued; a request that
 * comes during a run leads to one more run. Each run is queued behind the tasks of others, so that all of them get their turn.
 * Thread-safe.
 */
final class SerialTask {
    private static final Logger LOG = LoggerFactory.getLogger(SerialTask.class);

    private final Executor executor;
    private final BooleanSupplier task;

    /** How often a run was requested since the last one began; unless it is 0, a run is queued or in progress. */
    private final AtomicInteger requests = new AtomicInteger();

    /**
     * Creates a task that was not requested yet.
     *
     * @param executor where it runs; may drop it, but only if it drops everything from then on
     * @param task returns whether to run it again at once. If it throws, that is logged, and the next request runs it again
     */
    SerialTask(Executor executor, BooleanSupplier task) {
        this.executor = executor;
        this.task = task;
    }

    /** Requests a run that begins after this call. Does not block. */
    void request() {
        if (requests.getAndIncrement() == 0) {
            executor.execute(this::run);
        }
    }

    private void run() {
        var seen = requests.get();
        var again = runTask();
        if (again || !requests.compareAndSet(seen, 0)) {
            // A request that comes before this line is answered by the next run; a later one only counts.
            requests.set(1);
            executor.execute(this::run);
        }
    }

    private boolean runTask() {
        try {
            return task.getAsBoolean();
        } catch (RuntimeException | Error e) {
            // Rethrowing it would end all further runs, and the executor would not report it.
            LOG.atError().setCause(e).log("a step of the flusher failed");
            return false;
        }
    }
}
