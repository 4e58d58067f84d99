package io.seawall.kafkasim;

import io.seawall.walkafka.port.Time;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * A simulated operating-system process: its tasks run on the event loop, each after a short delay. It can be paused, which
 * delays its pending tasks, and killed, after which none of its tasks runs.
 */
public final class SimProcess implements Executor, Time {
    private static final long EPOCH_MS = 1_700_000_000_000L;

    private final String name;
    private final EventLoop loop;
    private final Faults faults;
    private final Deque<Runnable> backlog = new ArrayDeque<>();
    private boolean killed;
    private boolean paused;
    private boolean cutOff;
    private long wallSkewMs;
    private int openProducers;
    private Runnable block = () -> {};

    SimProcess(String name, EventLoop loop, Faults faults) {
        this.name = name;
        this.loop = loop;
        this.faults = faults;
    }

    /** Returns its name in traces. */
    public String name() {
        return name;
    }

    /** Runs a task soon, as a thread pool would: not in the order of submission. */
    @Override
    public void execute(Runnable task) {
        var delayUs = faults.strikes(Fault.LATE_TASK) ? faults.between(1_000, 300_000) : faults.between(1, 50);
        loop.after(delayUs, () -> run(task));
        var blocking = block;
        block = () -> {};
        blocking.run();
    }

    /**
     * For a caller that is about to call a method which submits a task and then blocks until it is done: runs this action
     * inside the submission, because there is no other thread to run it.
     */
    public void blockInNextTask(Runnable whatGoesOn) {
        block = whatGoesOn;
    }

    /** Returns how many producers it has not closed. */
    public int openProducers() {
        return openProducers;
    }

    void producerOpened() {
        openProducers++;
    }

    void producerClosed() {
        openProducers--;
    }

    /** Runs a task now, or when the process resumes; never if it was killed. */
    void run(Runnable task) {
        if (paused) {
            backlog.add(task);
        } else if (!killed) {
            task.run();
        }
    }

    /** Kills it. Requests that it sent still arrive. */
    public void kill() {
        killed = true;
        paused = false;
        backlog.clear();
    }

    /** Pauses it until {@link #resume}. */
    public void pause() {
        paused = !killed;
    }

    /** Resumes it and runs the tasks that arrived meanwhile, in their order. */
    public void resume() {
        paused = false;
        while (!backlog.isEmpty() && !paused) {
            run(backlog.remove());
        }
    }

    /** Returns whether it is neither killed nor paused. */
    public boolean isRunning() {
        return !killed && !paused;
    }

    public boolean isKilled() {
        return killed;
    }

    /** Cuts it off from all brokers, or ends that: connections break at their next request or answer. */
    public void cutOff(boolean now) {
        cutOff = now;
    }

    /** Returns whether it reaches no broker. */
    public boolean isCutOff() {
        return cutOff;
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
