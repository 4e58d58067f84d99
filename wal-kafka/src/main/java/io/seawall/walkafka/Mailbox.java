package io.seawall.walkafka;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one after the other, in the order of posting, on a shared pool. What is posted is bounded by what posts: appends
 * by the queue's bytes, callbacks by the window, timers by one each.
 */
final class Mailbox implements Executor {
    private static final int TURN = 256; // then others have theirs

    private final Executor pool;
    private final Consumer<RuntimeException> onBug;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Mailbox(Executor pool, Consumer<RuntimeException> onBug) {
        this.pool = pool;
        this.onBug = onBug;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            schedule();
        }
    }

    private void schedule() {
        try {
            pool.execute(() -> turn(TURN));
        } catch (RejectedExecutionException closing) {
            // Whoever closed the pool first still gets every answer: who posts does the work. Still one at a time, as
            // only
            // one turn is ever under way.
            turn(Integer.MAX_VALUE);
        }
    }

    private void turn(int most) {
        var left = most;
        int remaining;
        do {
            var task = tasks.remove(); // there is one: waiting counts after adding
            try {
                task.run();
            } catch (RuntimeException bug) {
                onBug.accept(bug);
            } catch (StackOverflowError | OutOfMemoryError | LinkageError | AssertionError bug) {
                onBug.accept(new IllegalStateException("a task failed: " + bug, bug));
            }
            left--;
            remaining = waiting.decrementAndGet();
        } while (remaining > 0 && left > 0);
        // Not waiting.get(): once it was 0, whoever posts next has started a turn of its own.
        if (remaining > 0) {
            schedule();
        }
    }
}
