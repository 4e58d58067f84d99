package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.internal.open.OpenedLog;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import org.jspecify.annotations.Nullable;

/** Decides when a writer writes a snapshot, and what is in it apart from the sessions. Mailbox only. */
final class SnapshotDuty {
    private final long everyBytes;
    private long sinceBytes; // of appends, since the last one was sent
    private SnapshotAt last; // that is committed
    private long oldest; // the oldest LSN
    private @Nullable String storeId; // the store of the log's segments

    /**
     * Begins after an opening, which wrote a snapshot.
     *
     * @param everyBytes how many bytes of appends may follow one
     */
    SnapshotDuty(OpenedLog log, long everyBytes) {
        this.everyBytes = everyBytes;
        this.last = log.snapshot();
        this.oldest = log.oldest();
        this.storeId = log.snapshot().storeId();
    }

    /** Counts an append. */
    void sent(long sizeBytes) {
        sinceBytes += sizeBytes;
    }

    /** Returns whether so many bytes were appended that a snapshot has to follow. */
    boolean isDue() {
        return sinceBytes >= everyBytes;
    }

    /** Names a store in every snapshot from now on. */
    void bind(String id) {
        storeId = id;
    }

    /** Notes the oldest LSN after a trim. */
    void trimmed(long now) {
        oldest = now;
    }

    /** Makes the snapshot that is sent now. */
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
