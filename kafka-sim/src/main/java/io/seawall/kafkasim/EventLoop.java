package io.seawall.kafkasim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** Simulated time and everything that is going to happen in it. Events of the same moment run in the order of scheduling. */
public final class EventLoop {
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atUs).thenComparingLong(Event::number));
    private long nowUs;
    private long scheduled;

    private record Event(long atUs, long number, Runnable task) {}

    /** Microseconds since the simulation began. */
    public long nowUs() {
        return nowUs;
    }

    /** Runs a task later; at the earliest when everything that is scheduled for now has run. */
    public void after(long delayUs, Runnable task) {
        events.add(new Event(nowUs + Math.max(0, delayUs), scheduled++, task));
    }

    /** Runs what happens in the next stretch of time. */
    public void runFor(long durationUs) {
        runUntil(() -> false, durationUs);
    }

    /**
     * Runs until something came true, or a stretch of time is over. May be called by an event: whoever blocks in a simulated
     * process lets the rest of the world go on.
     *
     * @return whether it came true
     */
    public boolean runUntil(BooleanSupplier condition, long atMostUs) {
        var endUs = nowUs + atMostUs;
        while (!condition.getAsBoolean()) {
            var next = events.peek();
            if (next == null || next.atUs() > endUs) {
                nowUs = Math.max(nowUs, endUs);
                return condition.getAsBoolean();
            }
            events.remove();
            nowUs = Math.max(nowUs, next.atUs());
            next.task().run();
        }
        return true;
    }
}
