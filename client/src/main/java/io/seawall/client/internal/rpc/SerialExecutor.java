package io.seawall.client.internal.rpc;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after the other, in the order in which they are given, on an executor that may have several threads. Each task is
 * a task of that executor too: it may have a single thread, which others have to get although there is always more to do here.
 */
public final class SerialExecutor implements Executor {
    private final Executor executor;
    private final Queue<Runnable> tasks = new ArrayDeque<>(); // guarded by itself
    private boolean running; // guarded by tasks

    /** Creates an executor on top of another. */
    public SerialExecutor(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        if (!isHandedOver()) {
            runHere();
        }
    }

    /** Returns whether the executor has taken the next task. Otherwise the caller has to run what there is. */
    private boolean isHandedOver() {
        var turn = new Turn();
        try {
            executor.execute(turn);
        } catch (RuntimeException refused) {
            return false; // the user's executor is shut down, or broken; answers must not be lost with it
        }
        return turn.isTaken();
    }

    /** Runs what there is: the executor takes nothing, or runs its tasks within the call that gives them. */
    private void runHere() {
        for (var task = next(); task != null; task = next()) {
            run(task);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            var thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    private @Nullable Runnable next() {
        synchronized (tasks) {
            var task = tasks.poll();
            running = task != null;
            return task;
        }
    }

    /** Returns whether nothing is left to do; then the next task that is given begins anew. */
    private boolean isOver() {
        synchronized (tasks) {
            running = !tasks.isEmpty();
            return !running;
        }
    }

    /** One task, on a thread of the executor. */
    private final class Turn implements Runnable {
        /** The thread that gives this turn to the executor, while it does so; other threads may read what they like. */
        private @Nullable Thread giver = Thread.currentThread();

        private boolean within; // whether the executor has run it within that call

        @Override
        public void run() {
            if (Thread.currentThread() == giver) {
                within = true; // in a loop of the giver, since each turn begins the next one, without an end
                return;
            }
            var task = next();
            if (task == null) {
                return;
            }
            SerialExecutor.run(task);
            if (!isOver() && !isHandedOver()) {
                runHere();
            }
        }

        private boolean isTaken() {
            giver = null;
            return !within;
        }
    }
}
