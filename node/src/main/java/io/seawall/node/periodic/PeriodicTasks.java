package io.seawall.node.periodic;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after the other on a daemon thread of its own, once or again and again. Thread-safe. */
public final class PeriodicTasks implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTasks.class);

    private final ScheduledExecutorService timer;

    /**
     * Creates a group without tasks.
     *
     * @param threadName the name of its thread
     */
    public PeriodicTasks(String threadName) {
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs a task now, and again after each pause. If it throws an exception, that is logged, and the task runs again. */
    public void every(Duration pause, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException bug) { // an exception would end the schedule silently
                LOG.atError().setCause(bug).log("a periodic task failed; it will run again");
            }
        };
        var unused = timer.scheduleWithFixedDelay(guarded, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs a task once. */
    @Override
    public void execute(Runnable task) {
        timer.execute(task);
    }

    /** Interrupts a running task and drops the others. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
