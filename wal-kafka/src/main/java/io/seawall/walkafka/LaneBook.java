package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneProducer;

/** What one lane's open transaction holds. Mailbox only. */
final class LaneBook {
    private final LaneProducer producer;
    private long sinceMs;
    private long bytes;
    private long next = -1;
    private long snapshotOffset = -1;

    LaneBook(LaneProducer producer) {
        this.producer = producer;
    }

    LaneProducer producer() {
        return producer;
    }

    /** Begins a transaction. */
    void begin(long nowMs) {
        producer.begin();
        sinceMs = nowMs;
        bytes = 0;
        snapshotOffset = -1;
    }

    /** Counts an append or a record of our own as part of the transaction. */
    void sent(long sizeBytes, long nextLsn) {
        bytes += sizeBytes;
        next = nextLsn;
    }

    void snapshotAt(long offset) {
        snapshotOffset = offset;
    }

    /** Empties the book after a commit. */
    void committed() {
        bytes = 0;
    }

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

    /** The offset of the last acknowledged snapshot in the transaction; -1 if none. */
    long snapshotOffset() {
        return snapshotOffset;
    }
}
