package io.seawall.clustersim;

import io.seawall.flusher.Flusher;
import io.seawall.kafkasim.SimProcess;
import java.time.Duration;

/**
 * The threads of a flusher, whose steps are tasks of the process. A step that blocks lets the rest of the simulation run inside
 * it, so it goes on only after every step that began meanwhile. Few may therefore begin inside each other; the others wait.
 */
final class FlushThreads implements Flusher.Threads {
    private static final int THREADS = 2;
    private static final int MOST_NESTED = 5;
    private static final long WAIT_MS = 5;

    private final World world;
    private final SimProcess process;
    private int running;
    private boolean stopped;

    FlushThreads(World world, SimProcess process) {
        this.world = world;
        this.process = process;
    }

    @Override
    public void execute(Runnable step) {
        process.execute(() -> begin(step));
    }

    private void begin(Runnable step) {
        if (stopped) {
            return;
        }
        if (running >= THREADS || world.flushSteps() >= MOST_NESTED) {
            process.after(WAIT_MS, () -> begin(step));
            return;
        }
        // It may be meant for another one of the threads that this one simulates.
        var interrupted = Thread.interrupted();
        running++;
        world.flushStep(1);
        try {
            step.run();
        } finally {
            world.flushStep(-1);
            running--;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void every(Duration period, Runnable task) {
        process.after(period.toMillis(), () -> {
            if (!stopped) {
                task.run();
                every(period, task);
            }
        });
    }

    @Override
    public void stop() {
        stopped = true;
    }
}
