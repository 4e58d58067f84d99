package io.seawall.flusher.segment;

import io.seawall.flusher.segment.SegmentInfo.Range;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.Problem;

/** Summarizes records in order; the writer and the verifier share this code. Used by one thread at a time. */
public final class SegmentSummary {
    private final SegmentKey key;
    private long nextLsn;
    private long recordBytes;
    private long nextOffset = -1;
    private Range terms = new Range(Long.MAX_VALUE, Long.MIN_VALUE);
    private Range timestampsMs = new Range(Long.MAX_VALUE, Long.MIN_VALUE);

    public SegmentSummary(SegmentKey key) {
        this.key = key;
        this.nextLsn = key.firstLsn();
    }

    /**
     * Adds a record.
     *
     * @throws io.seawall.wal.OperatorException with {@link ErrorCode#DATA_LOSS} unless its LSN is the next one
     */
    public void add(LogRecord record) {
        if (record.lsn() != nextLsn) {
            throw Problem.of(ErrorCode.DATA_LOSS, "add a record to a segment of " + key.pchannel())
                    .pchannel(key.pchannel())
                    .found("LSN " + record.lsn())
                    .expected("LSN " + nextLsn + ", the next one")
                    .with("lsn", record.lsn())
                    .exception();
        }
        nextLsn++;
        nextOffset = record.offset() + 1;
        recordBytes += record.data().sizeBytes();
        terms = terms.including(record.term());
        timestampsMs = timestampsMs.including(record.timestampMs());
    }

    long firstLsn() {
        return key.firstLsn();
    }

    /** Returns the LSN that the next record must have. */
    public long nextLsn() {
        return nextLsn;
    }

    /** Returns the Kafka offset after the last record; -1 if there was none. */
    long nextOffset() {
        return nextOffset;
    }

    public long recordBytes() {
        return recordBytes;
    }

    public Range terms() {
        return terms;
    }

    public Range timestampsMs() {
        return timestampsMs;
    }
}
