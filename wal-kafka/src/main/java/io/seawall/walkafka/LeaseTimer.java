package io.seawall.walkafka;

import io.seawall.walkafka.port.Time;

/** Has the writer look again when a lease is due. On the log's mailbox only. */
final class LeaseTimer {
    private final long rollMs;
    private final Time time;
    private final LeaseEvents events;
    private final Runnable look;

    /**
     * A timer.
     *
     * @param rollMs when a lease is due
     * @param look does what is to be done then, and nothing once the writer has ended
     */
    LeaseTimer(long rollMs, Time time, LeaseEvents events, Runnable look) {
        this.rollMs = rollMs;
        this.time = time;
        this.events = events;
        this.look = look;
    }

    /** A lease was begun. */
    void start(LaneBook book) {
        lookWhenDue(book, book.sinceMs());
    }

    /** Once more if the timer was early, which a commit that ends right then would not see. */
    private void lookWhenDue(LaneBook book, long sinceMs) {
        var leftMs = sinceMs + rollMs - time.elapsedMs();
        events.postAfter(Math.max(1, leftMs), () -> {
            look.run();
            if (time.elapsedMs() - sinceMs < rollMs && book.sinceMs() == sinceMs) {
                lookWhenDue(book, sinceMs);
            }
        });
    }
}
