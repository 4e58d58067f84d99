package io.seawall.lifetime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in order of arrival, on threads shared with other mailboxes. Its length is bounded by the
 * work of one pchannel: one step and {@link Lifetime#MOST_WAITERS} answers.
 */
final class SerialExecutor implements Executor {
    private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

    private final Executor threads;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unfinished = new AtomicInteger();

    SerialExecutor(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (unfinished.getAndIncrement() == 0) {
            threads.execute(this::drain);
        }
    }

    private void drain() {
        do {
            runNext();
        } while (unfinished.decrementAndGet() > 0);
    }

    private void runNext() {
        var task = tasks.poll();
        if (task == null) {
            throw new IllegalStateException("a task was counted but not queued");
        }
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // Answers run the caller's continuations, and notices run a listener: neither may stop the next task. An
            // Error that escaped would leave everything behind it undone forever.
            log.atError().setCause(e).log("a task of a pchannel failed");
        }
    }
}
