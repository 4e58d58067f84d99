package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneProducer;
import org.jspecify.annotations.Nullable;

/** What one lane's open transaction holds. Mailbox only. */
final class LaneBook {
    private final LaneProducer producer;
    private long sinceMs;
    private long bytes;
    private long next = -1;
    private @Nullable SnapshotAt snapshot;

    /**
     * The book of a lane that was just initialized.
     *
     * @param producer the lane
     * @param nowMs when it was last used: now
     */
    LaneBook(LaneProducer producer, long nowMs) {
        this.producer = producer;
        this.sinceMs = nowMs;
    }

    LaneProducer producer() {
        return producer;
    }

    /** Begins a transaction. */
    void begin(long nowMs) {
        producer.begin();
        sinceMs = nowMs;
        bytes = 0;
        snapshot = null;
    }

    /** Counts an append or a record of our own as part of the transaction. */
    void sent(long sizeBytes, long nextLsn) {
        bytes += sizeBytes;
        next = nextLsn;
    }

    void snapshot(SnapshotAt acknowledged) {
        snapshot = acknowledged;
    }

    /** Empties the book after a commit. */
    void committed() {
        bytes = 0;
    }

    /** When its last transaction began. */
    long sinceMs() {
        return sinceMs;
    }

    long bytes() {
        return bytes;
    }

    /** The LSN after the last one that the lane was ever given; -1 if none. */
    long next() {
        return next;
    }

    /** The last acknowledged snapshot in the transaction, or null. */
    @Nullable
    SnapshotAt snapshot() {
        return snapshot;
    }
}
