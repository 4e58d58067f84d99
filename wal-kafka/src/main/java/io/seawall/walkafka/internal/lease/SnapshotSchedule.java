package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.internal.open.OpenedLog;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import org.jspecify.annotations.Nullable;

/** Decides when a snapshot is due, and what it contains besides the sessions. Used on the mailbox only. */
final class SnapshotSchedule {
    private final long everyBytes;
    private long sinceBytes; // of appends since the last snapshot was sent
    private SnapshotAt last; // the last committed one
    private long oldest;
    private @Nullable String storeId; // the store of the log's segments

    /**
     * Starts after an opening, which wrote a snapshot.
     *
     * @param everyBytes the bytes of appends after which the next snapshot is due
     */
    SnapshotSchedule(OpenedLog log, long everyBytes) {
        this.everyBytes = everyBytes;
        this.last = log.snapshot();
        this.oldest = log.oldest();
        this.storeId = log.snapshot().storeId();
    }

    /** Counts an append. */
    void sent(long sizeBytes) {
        sinceBytes += sizeBytes;
    }

    /** Returns whether enough was appended since the last snapshot. */
    boolean isDue() {
        return sinceBytes >= everyBytes;
    }

    /** Names a store in every snapshot from now on. */
    void bind(String id) {
        storeId = id;
    }

    /** Notes the oldest LSN after a trim. */
    void trimmed(long oldestLsn) {
        oldest = oldestLsn;
    }

    /** Creates the snapshot that is sent now. */
    Outgoing next(StampedRecords records, long lsn, WriterSessions sessions) {
        sinceBytes = 0;
        return records.snapshot(lsn, oldest, storeId, sessions);
    }

    /** Returns the store that the next snapshot names, or null. */
    @Nullable
    String storeId() {
        return storeId;
    }

    /** Notes that a snapshot was committed. */
    void committed(SnapshotAt at) {
        last = at;
    }

    /** Returns the last committed snapshot: the live view is complete from there on. */
    SnapshotAt last() {
        return last;
    }
}
