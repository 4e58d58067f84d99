package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.port.Time;

/** Wakes the writer when a lease is due. On the log's mailbox only. */
final class LeaseTimer {
    private final long rollMs;
    private final Time time;
    private final LeaseEvents events;
    private final Runnable look;

    /**
     * A timer.
     *
     * @param rollMs when a lease is due
     * @param look called then; does nothing once the writer has ended
     */
    LeaseTimer(long rollMs, Time time, LeaseEvents events, Runnable look) {
        this.rollMs = rollMs;
        this.time = time;
        this.events = events;
        this.look = look;
    }

    /** A lease was begun. */
    void start(LaneTransaction book) {
        lookWhenDue(book, book.sinceMs());
    }

    /** Looks once more if the timer was early; otherwise the lease would stay open, as no other event need follow. */
    private void lookWhenDue(LaneTransaction book, long sinceMs) {
        var leftMs = sinceMs + rollMs - time.elapsedMs();
        events.postAfter(Math.max(1, leftMs), () -> {
            look.run();
            if (time.elapsedMs() - sinceMs < rollMs && book.sinceMs() == sinceMs) {
                lookWhenDue(book, sinceMs);
            }
        });
    }
}
