package io.seawall.node.tail;

import io.seawall.wal.LogRecord;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest batches of a log, without a gap, as many as a number of bytes allows. The newest one stays in any case, so that it
 * reaches readers. Not thread-safe: the tail that it belongs to guards it.
 */
final class RecentBatches {
    private final long mostBytes;
    private final NavigableMap<Long, Kept> kept = new TreeMap<>(); // by first LSN
    private long next;
    private long bytes;
    private @Nullable LogRecord before; // the record before the first one that is kept, if it is known

    /** A batch and the memory that it takes with its encodings. */
    private record Kept(Batch batch, long bytes) {}

    /**
     * Creates it without batches.
     *
     * @param mostBytes the most bytes of records and encodings
     * @param next the LSN of the first record to come
     * @param before the record before it, or null if it is not known
     */
    RecentBatches(long mostBytes, long next, @Nullable LogRecord before) {
        this.mostBytes = mostBytes;
        this.next = next;
        this.before = before;
    }

    /** Returns the LSN after the newest record. */
    long nextLsn() {
        return next;
    }

    /** Returns the bytes of all records and encodings. */
    long bytes() {
        return bytes;
    }

    /** Adds a batch, which must begin at {@link #nextLsn}. */
    void add(Batch batch) {
        if (batch.firstLsn() != next) {
            throw new IllegalStateException("a batch begins at LSN " + batch.firstLsn() + ", expected " + next);
        }
        kept.put(next, new Kept(batch, batch.weightBytes()));
        bytes += batch.weightBytes();
        next = batch.nextLsn();
        evict();
    }

    /** Counts an encoding of a batch, if the batch is still here. */
    void grew(Batch batch, long by) {
        var found = kept.get(batch.firstLsn());
        if (found != null && found.batch() == batch) {
            kept.put(batch.firstLsn(), new Kept(batch, found.bytes() + by));
            bytes += by;
            evict();
        }
    }

    private void evict() {
        while (bytes > mostBytes && kept.size() > 1) {
            var gone = kept.pollFirstEntry().getValue();
            bytes -= gone.bytes();
            before = gone.batch().record(gone.batch().nextLsn() - 1);
        }
    }

    /** Returns the batch that has a record, or null if the record was dropped or has not come. */
    @Nullable
    Batch holding(long lsn) {
        var found = lsn < next ? kept.floorEntry(lsn) : null;
        return found == null ? null : found.getValue().batch();
    }

    /**
     * Returns whether a reader can begin at an LSN: the record is here or comes next, and at most half of the bytes lie between it
     * and the newest one. Closer to the oldest one the reader would soon have to leave again.
     */
    boolean isNear(long lsn) {
        if (lsn == next) {
            return true;
        }
        if (holding(lsn) == null) {
            return false;
        }
        var behind = 0L;
        for (var later : kept.descendingMap().values()) {
            behind += later.bytes();
            if (later.batch().firstLsn() <= lsn) {
                break;
            }
            if (behind > mostBytes / 2) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether this continues what a reader has read. If the log lost its end and was written again, a reader from before
     * has another record under the same LSN: it must read on by itself to notice the loss.
     *
     * @param last the last record of the reader
     */
    boolean continues(LogRecord last) {
        var batch = holding(last.lsn());
        var here = batch == null ? before : batch.record(last.lsn());
        return here == null
                || here.lsn() != last.lsn()
                || (here.offset() == last.offset() && here.term() == last.term());
    }
}
