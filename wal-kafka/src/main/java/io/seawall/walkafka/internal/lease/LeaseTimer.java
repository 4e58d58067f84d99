package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.internal.open.RollPace;
import io.seawall.walkafka.port.Time;

/** Makes the writer check its lease when the lease is due. Used on the mailbox only. */
final class LeaseTimer {
    private final RollPace pace;
    private final Time time;
    private final LeaseEvents events;
    private final Runnable check;
    private boolean leased; // whether the pace counts this log
    private long rollMs; // as of the last start or check

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
        this.rollMs = pace.rollMs();
    }

    /**
     * Returns the age at which a lease is due. Other logs change the age at any time; this one changes at a start and before a check
     * only, so that a check and what follows it see the same age.
     */
    long rollMs() {
        return rollMs;
    }

    /** Notes whether the log has a lease, on which the age of all leases of the process depends. */
    void leased(boolean now) {
        if (now && !leased) {
            pace.begun();
        } else if (!now && leased) {
            pace.ended();
        }
        leased = now;
    }

    /** Notes that a lease has begun. */
    void start(LaneTransaction transaction) {
        rollMs = pace.rollMs();
        scheduleCheck(transaction, transaction.sinceMs());
    }

    /**
     * Checks again if the timer was early, or the age has grown meanwhile. Otherwise the lease could stay open, as no other event may
     * follow.
     */
    private void scheduleCheck(LaneTransaction transaction, long sinceMs) {
        var leftMs = sinceMs + rollMs - time.elapsedMs();
        events.postAfter(Math.max(1, leftMs), () -> {
            rollMs = pace.rollMs();
            // Before the check, which reads the clock too: a lease that it finds too young is checked again.
            var early = time.elapsedMs() - sinceMs < rollMs;
            check.run();
            if (early && transaction.sinceMs() == sinceMs) {
                scheduleCheck(transaction, sinceMs);
            }
        });
    }
}
