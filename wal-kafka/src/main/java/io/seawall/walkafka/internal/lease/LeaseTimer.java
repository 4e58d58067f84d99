package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.internal.open.RollPace;
import io.seawall.walkafka.port.Time;

/** Makes the writer check its lease when the lease is due. Used on the mailbox only. */
final class LeaseTimer {
    private final RollPace pace;
    private final Time time;
    private final LeaseEvents events;
    private final Runnable check;

    /**
     * Creates a timer without a lease.
     *
     * @param pace the age at which a lease is due
     * @param check called when a lease is due; does nothing after the writer's end
     */
    LeaseTimer(RollPace pace, Time time, LeaseEvents events, Runnable check) {
        this.pace = pace;
        this.time = time;
        this.events = events;
        this.check = check;
    }

    /** Notes that a lease has begun. */
    void start(LaneTransaction transaction) {
        scheduleCheck(transaction, transaction.sinceMs());
    }

    /**
     * Checks again if the timer was early, or the age has grown meanwhile. Otherwise the lease could stay open, as no other event may
     * follow.
     */
    private void scheduleCheck(LaneTransaction transaction, long sinceMs) {
        var leftMs = sinceMs + pace.rollMs() - time.elapsedMs();
        events.postAfter(Math.max(1, leftMs), () -> {
            check.run();
            if (time.elapsedMs() - sinceMs < pace.rollMs() && transaction.sinceMs() == sinceMs) {
                scheduleCheck(transaction, sinceMs);
            }
        });
    }
}
