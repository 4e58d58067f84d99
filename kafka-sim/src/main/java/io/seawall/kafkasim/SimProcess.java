package io.seawall.kafkasim;

import io.seawall.walkafka.port.Time;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * A simulated operating-system process: its tasks run on the event loop, each after a little while. It can be paused, and goes
 * on later with what it had in hand, and killed, and then nothing of it ever runs again.
 */
public final class SimProcess implements Executor, Time {
    private static final long EPOCH_MS = 1_700_000_000_000L;

    private final String name;
    private final EventLoop loop;
    private final Faults faults;
    private final Deque<Runnable> backlog = new ArrayDeque<>();
    private boolean killed;
    private boolean paused;
    private long wallSkewMs;
    private int openProducers;
    private Runnable block = () -> {};

    SimProcess(String name, EventLoop loop, Faults faults) {
        this.name = name;
        this.loop = loop;
        this.faults = faults;
    }

    /** Its name in traces. */
    public String name() {
        return name;
    }

    /** Runs a task soon, as a pool of threads would: not in the order of submission. */
    @Override
    public void execute(Runnable task) {
        var delayUs = faults.strikes(Fault.LATE_TASK) ? faults.between(1_000, 300_000) : faults.between(1, 50);
        loop.after(delayUs, () -> run(task));
        var blocking = block;
        block = () -> {};
        blocking.run();
    }

    /**
     * For a caller that is about to call something that submits a task and then blocks until it is done: lets the world go on
     * inside that submission, as there is no other thread that could.
     */
    public void blockInNextTask(Runnable whatGoesOn) {
        block = whatGoesOn;
    }

    /** How many producers it has and did not close. */
    public int openProducers() {
        return openProducers;
    }

    void producerOpened() {
        openProducers++;
    }

    void producerClosed() {
        openProducers--;
    }

    /** Runs a task now, or when the process goes on; never if it was killed. */
    void run(Runnable task) {
        if (paused) {
            backlog.add(task);
        } else if (!killed) {
            task.run();
        }
    }

    /** Kills it. What it sent is under way all the same. */
    public void kill() {
        killed = true;
        paused = false;
        backlog.clear();
    }

    /** Stops it until {@link #resume}. */
    public void pause() {
        paused = !killed;
    }

    /** Lets it go on: what came for it meanwhile is handled now, in the order of coming. */
    public void resume() {
        paused = false;
        while (!backlog.isEmpty() && !paused) {
            run(backlog.remove());
        }
    }

    /** Whether it is neither killed nor paused. */
    public boolean isRunning() {
        return !killed && !paused;
    }

    /** Whether it was killed. */
    public boolean isKilled() {
        return killed;
    }

    /** Sets its wall clock forward or back. */
    public void skewWall(long byMs) {
        wallSkewMs += byMs;
    }

    @Override
    public long wallMs() {
        return EPOCH_MS + wallSkewMs + elapsedMs();
    }

    @Override
    public long elapsedMs() {
        return loop.nowUs() / 1_000;
    }

    @Override
    public void after(long delayMs, Runnable task) {
        loop.after(delayMs * 1_000 + faults.between(0, 500), () -> run(task));
    }
}
