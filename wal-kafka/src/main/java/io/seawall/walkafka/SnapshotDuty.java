package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneProducer.Outgoing;
import org.jspecify.annotations.Nullable;

/** When a writer has to write a snapshot, and what stands in it beside the sessions. Mailbox only. */
final class SnapshotDuty {
    private final long everyBytes;
    private long sinceBytes; // of appends, since the last one was sent
    private boolean wanted;
    private SnapshotAt last; // that is committed
    private long oldest; // the oldest LSN
    private @Nullable String storeId; // the store of the log's segments

    /**
     * The duty behind an opening, which wrote a snapshot.
     *
     * @param everyBytes how many bytes of appends may follow one
     */
    SnapshotDuty(OpenedLog log, long everyBytes) {
        this.everyBytes = everyBytes;
        this.last = log.snapshot();
        this.oldest = log.oldest();
        this.storeId = log.snapshot().storeId();
    }

    /** One is to be written, whatever was appended. */
    void want() {
        wanted = true;
    }

    boolean isWanted() {
        return wanted;
    }

    /** Whether one is wanted; the caller writes it now. */
    boolean takeWanted() {
        var taken = wanted;
        wanted = false;
        return taken;
    }

    /** Counts an append. */
    void sent(long sizeBytes) {
        sinceBytes += sizeBytes;
    }

    /** Whether so much was appended that one is to follow. */
    boolean isDue() {
        return sinceBytes >= everyBytes;
    }

    /** Names a store in every snapshot from now on, and has one written. */
    void bind(String id) {
        storeId = id;
        wanted = true;
    }

    /** The oldest LSN is another one now. */
    void trimmed(long now) {
        oldest = now;
    }

    /** The snapshot that is sent now. */
    Outgoing next(StampedRecords records, long lsn, WriterSessions sessions) {
        sinceBytes = 0;
        return records.snapshot(lsn, oldest, storeId, sessions);
    }

    /** The store that the next one names, or null. */
    @Nullable
    String storeId() {
        return storeId;
    }

    /** One is committed. */
    void committed(SnapshotAt at) {
        last = at;
    }

    /** The last committed one: the live view is complete from there on. */
    SnapshotAt last() {
        return last;
    }
}
