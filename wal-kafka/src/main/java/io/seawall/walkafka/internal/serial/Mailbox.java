package io.seawall.walkafka.internal.serial;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time, in the order of posting: on a shared pool, or on the posting thread, since waking another thread costs
 * more than most tasks. The queue has no bound of its own. The posters bound it: appends by the bytes of the append queue,
 * callbacks by the window, each timer by one task.
 *
 * <p>A turn runs up to a number of tasks on one thread. At most one turn is in progress at any time.
 */
public final class Mailbox implements Executor {
    private static final int TURN = 256; // tasks per turn on the pool, so that other mailboxes get the thread too
    private static final int GUEST_TURN = 8; // tasks per turn on a posting thread, which has other work to do

    private final Executor pool;
    private final Consumer<RuntimeException> onBug;
    private final @Nullable FollowUp followUp;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean busy = new AtomicBoolean(); // whether a turn is in progress or waits for the pool

    /** Work that follows each turn of a mailbox. */
    public interface FollowUp {
        /** Runs the work on this thread, a thread of the pool, unless there is none or it is already in progress. */
        void runHere();

        /** Does the same on another thread of the pool, or on this thread if the pool is closed. */
        void runOnPool();
    }

    Mailbox(Executor pool, Consumer<RuntimeException> onBug) {
        this(pool, onBug, null);
    }

    /**
     * Creates an empty mailbox.
     *
     * @param pool runs the turns
     * @param onBug called with each exception of a task
     * @param followUp work that follows each turn, on the same thread if it is a thread of the pool; null for none
     */
    public Mailbox(Executor pool, Consumer<RuntimeException> onBug, @Nullable FollowUp followUp) {
        this.pool = pool;
        this.onBug = onBug;
        this.followUp = followUp;
    }

    /** Posts a task that runs on the pool. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        startOnPool();
    }

    /** Runs a task on this thread before it returns. If another thread has a turn in progress, that turn runs the task. */
    public void executeHere(Runnable task) {
        tasks.add(task);
        if (begins()) {
            turn(GUEST_TURN);
            if (followUp != null) {
                followUp.runOnPool();
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
            // The pool is closed, but callers must still get their answers. So the posting thread runs the turn; it is
            // still the only turn in progress.
            poolTurn(Integer.MAX_VALUE);
        }
    }

    private void poolTurn(int most) {
        turn(most);
        if (followUp != null) {
            followUp.runHere();
        }
    }

    private void turn(int most) {
        for (var left = most; left > 0; left--) {
            var task = tasks.poll();
            if (task == null) {
                busy.set(false);
                // A task that was posted before the line above is found now; a later poster starts a turn itself.
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
