package io.seawall.flusher.history;

import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.RecordDecoder;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.VerifiedSegment;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PollLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.file.DataFileStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one verified segment in order, from an LSN on; keeps one block in memory. Throws unless the LSNs are
 * dense. Used by one thread at a time; {@link #close} may come from any thread.
 */
final class SegmentReader implements AutoCloseable {
    /** A read ends once it has this many bytes: callers may limit only the number of records, which may be large. */
    private static final int ENOUGH_BYTES = 1 << 20;

    private final VerifiedSegment segment;
    private final BlockSource source;
    private final BlockInput input;
    private final DataFileStream<LogRecord> records;
    private long decoded; // the LSN of the next record to be decoded
    private @Nullable LogRecord ahead; // decoded and not returned, because it was above a limit
    private long nextLsn;

    private SegmentReader(
            VerifiedSegment segment,
            BlockSource source,
            BlockInput input,
            DataFileStream<LogRecord> records,
            long decoded,
            long nextLsn) {
        this.segment = segment;
        this.source = source;
        this.input = input;
        this.records = records;
        this.decoded = decoded;
        this.nextLsn = nextLsn;
    }

    /**
     * Opens a segment; reads only what it needs of the first block.
     *
     * @param source reads its blocks; the reader closes it
     * @param fromLsn an LSN that the segment holds
     * @throws MalformedSegmentException if a block is not the one that was verified, or cannot be decoded
     * @throws IOException if the store does not answer
     */
    @SuppressWarnings("resource") // the stream holds only memory; the source is what must be closed
    static SegmentReader open(VerifiedSegment segment, BlockSource source, long fromLsn) throws IOException {
        var block = segment.blockOf(fromLsn);
        var input = new BlockInput(segment, source, block);
        try {
            var records = new DataFileStream<>(input, new RecordDecoder());
            return new SegmentReader(segment, source, input, records, segment.firstLsn(block), fromLsn);
        } catch (IOException | RuntimeException e) {
            source.close();
            input.rethrowFailure();
            throw new MalformedSegmentException("its records cannot be read: " + e.getMessage());
        }
    }

    SegmentInfo info() {
        return segment.info();
    }

    /** Returns the LSN of the next record that {@link #read} returns; at the end, the LSN after the segment. */
    long nextLsn() {
        return nextLsn;
    }

    /**
     * Returns the next records. A reader that threw is no longer usable.
     *
     * @param limits the most to return; less if the records reach a mebibyte
     * @return empty only at the segment's end
     * @throws MalformedSegmentException if a block is not the one that was verified, or its records are not the next ones
     * @throws IOException if the store does not answer
     */
    List<LogRecord> read(PollLimits limits) throws IOException {
        var read = new ArrayList<LogRecord>();
        var bytes = 0L;
        var enough = Math.min(ENOUGH_BYTES, limits.maxBytes());
        try {
            // Nothing is decoded once a limit is reached: the next block may have to be fetched, or be damaged.
            var record = next();
            while (record != null
                    && limits.admit(read.size(), bytes, record.data().sizeBytes())) {
                read.add(record);
                bytes += record.data().sizeBytes();
                record = read.size() < limits.maxRecords() && bytes < enough ? next() : null;
            }
            ahead = record;
        } catch (RuntimeException e) { // Avro throws several kinds for one cause
            input.rethrowFailure();
            throw new MalformedSegmentException("its records cannot be read: " + e.getMessage());
        }
        if (read.isEmpty() && decoded != info().nextLsn()) {
            throw new MalformedSegmentException("its records end before LSN " + decoded + ", the header names "
                    + info().lastLsn() + " as the last one");
        }
        nextLsn = Math.max(nextLsn, ahead == null ? decoded : ahead.lsn());
        return read;
    }

    /** Returns the next wanted record; null at the segment's end. */
    private @Nullable LogRecord next() throws MalformedSegmentException {
        var known = ahead;
        ahead = null;
        while (known == null && records.hasNext()) {
            var record = records.next();
            if (record.lsn() != decoded) {
                throw new MalformedSegmentException("found LSN " + record.lsn() + ", expected LSN " + decoded);
            }
            decoded++;
            known = record.lsn() >= nextLsn ? record : null;
        }
        return known;
    }

    @Override
    public void close() {
        source.close();
    }
}
