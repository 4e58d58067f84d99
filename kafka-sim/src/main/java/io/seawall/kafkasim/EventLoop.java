package io.seawall.kafkasim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** Simulated time and all scheduled events. Events of the same moment run in the order of scheduling. */
public final class EventLoop {
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atUs).thenComparingLong(Event::number));
    private long nowUs;
    private long scheduled;

    private record Event(long atUs, long number, Runnable task) {}

    /** Returns microseconds since the simulation began. */
    public long nowUs() {
        return nowUs;
    }

    /** Runs a task later; at the earliest after everything that is already scheduled for now. */
    public void after(long delayUs, Runnable task) {
        events.add(new Event(nowUs + Math.max(0, delayUs), scheduled++, task));
    }

    /** Runs all events of the next period. */
    public void runFor(long durationUs) {
        runUntil(() -> false, durationUs);
    }

    /**
     * Runs events until a condition holds or a time limit is reached. An event may call this: the rest of the simulation
     * continues while a simulated process blocks.
     *
     * @return whether the condition holds
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
