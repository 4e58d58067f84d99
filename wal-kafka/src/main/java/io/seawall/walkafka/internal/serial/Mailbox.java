package io.seawall.walkafka.internal.serial;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after the other, in the order of posting: on a shared pool, or on the thread that posts, since to wake another
 * one costs more than most tasks do. What is posted is bounded by what posts: appends by the queue's bytes, callbacks by the
 * window, timers by one each.
 */
public final class Mailbox implements Executor {
    private static final int TURN = 256; // then others have theirs
    private static final int GUEST_TURN = 8; // of a thread that has other things to do

    private final Executor pool;
    private final Consumer<RuntimeException> onBug;
    private final @Nullable Behind behind;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean busy = new AtomicBoolean(); // a turn is under way or waits for the pool

    /** Work that follows the turns of a mailbox. */
    public interface Behind {
        /** Runs a turn on this thread, which is the pool's, if there is work and no turn is under way. */
        void haveTurnHere();

        /** The same, on another thread of the pool. */
        void haveTurn();
    }

    Mailbox(Executor pool, Consumer<RuntimeException> onBug) {
        this(pool, onBug, null);
    }

    /**
     * A mailbox with something behind it.
     *
     * @param pool has the turns
     * @param onBug told what a task throws
     * @param behind has its turn after each turn of this one, on the same thread if that is the pool's
     */
    public Mailbox(Executor pool, Consumer<RuntimeException> onBug, @Nullable Behind behind) {
        this.pool = pool;
        this.onBug = onBug;
        this.behind = behind;
    }

    /** Has a task run on the pool. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        startOnPool();
    }

    /** Runs a task on this thread before it returns, unless a turn is under way elsewhere, which then runs it. */
    public void executeHere(Runnable task) {
        tasks.add(task);
        if (begins()) {
            turn(GUEST_TURN);
            if (behind != null) {
                behind.haveTurn();
            }
        }
    }

    private void startOnPool() {
        if (begins()) {
            schedule();
        }
    }

    private boolean begins() {
        return !tasks.isEmpty() && !busy.get() && busy.compareAndSet(false, true);
    }

    private void schedule() {
        try {
            pool.execute(() -> poolTurn(TURN));
        } catch (RejectedExecutionException closing) {
            // Callers still get every answer if the pool was closed first: the thread that posts does the work. Still
            // one at a time, as
            // only one turn is ever under way.
            poolTurn(Integer.MAX_VALUE);
        }
    }

    private void poolTurn(int most) {
        turn(most);
        if (behind != null) {
            behind.haveTurnHere();
        }
    }

    private void turn(int most) {
        for (var left = most; left > 0; left--) {
            var task = tasks.poll();
            if (task == null) {
                busy.set(false);
                // Who posts from here on either is seen now or begins a turn itself.
                startOnPool();
                return;
            }
            run(task);
        }
        schedule();
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            onBug.accept(bug);
        } catch (StackOverflowError | OutOfMemoryError | LinkageError | AssertionError bug) {
            onBug.accept(new IllegalStateException("a task failed: " + bug, bug));
        }
    }
}
