package io.seawall.clustersim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** Runs tasks one after the other, in the order in which they came, on an executor that keeps no order. */
final class SerialTasks implements Executor {
    private final Executor threads;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean draining;

    SerialTasks(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (!draining) {
            draining = true;
            threads.execute(this::drain);
        }
    }

    private void drain() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        draining = false;
    }
}
