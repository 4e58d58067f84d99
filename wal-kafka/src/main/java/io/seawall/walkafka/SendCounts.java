package io.seawall.walkafka;

import java.util.List;

/** Counts what a writer sends, so that somebody can wait for the acknowledgement of something that is sent later. Mailbox only. */
final class SendCounts {
    private long sent;
    private long done; // of what was sent, in order
    private long wanted;

    /** Counts a batch, or a record of our own. */
    void sent() {
        sent++;
    }

    /** Counts what is acknowledged; the answer to an append that was not written was never sent. */
    void acknowledged(List<InFlight.Entry> complete) {
        for (var entry : complete) {
            done += entry.reply() == null ? 1 : 0;
        }
    }

    /** Asks for one more; gives the number that {@link #done} reaches once that is acknowledged. */
    long want() {
        wanted = sent + 1;
        return wanted;
    }

    /** Whether what was asked for is still to be sent. */
    boolean isWanted() {
        return sent < wanted;
    }

    long done() {
        return done;
    }
}
