package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.port.LaneProducer;
import org.jspecify.annotations.Nullable;

/** The open transaction of one lane: its start, its size and its snapshot. Used on the mailbox only. */
final class LaneTransaction {
    private final LaneProducer producer;
    private long sinceMs;
    private long bytes;
    private long next = -1;
    private @Nullable SnapshotAt snapshot;

    /**
     * Creates the state of a lane that was just initialized.
     *
     * @param producer the lane
     * @param nowMs the current time, which counts as the lane's last use
     */
    LaneTransaction(LaneProducer producer, long nowMs) {
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

    /** Counts an append, or a control record, as part of the transaction. */
    void sent(long sizeBytes, long nextLsn) {
        bytes += sizeBytes;
        next = nextLsn;
    }

    void snapshot(SnapshotAt acknowledged) {
        snapshot = acknowledged;
    }

    /** Resets the size of the transaction after its commit. */
    void committed() {
        bytes = 0;
    }

    /** Returns when the last transaction began; before the first one, when the lane was initialized. */
    long sinceMs() {
        return sinceMs;
    }

    long bytes() {
        return bytes;
    }

    /** Returns the LSN after the last one that was sent on this lane; -1 if none was. */
    long next() {
        return next;
    }

    /** Returns the last acknowledged snapshot in the transaction, or null. */
    @Nullable
    SnapshotAt snapshot() {
        return snapshot;
    }
}
