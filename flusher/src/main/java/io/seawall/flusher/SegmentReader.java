package io.seawall.flusher;

import io.seawall.wal.LogRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.file.DataFileStream;

/**
 * Reads the records of one verified segment in order, from an LSN on; holds one block at a time. What it gives is dense, or it
 * throws. Used by one thread at a time; {@link #close} may come from any.
 */
final class SegmentReader implements AutoCloseable {
    /** What one read gives at the most, beyond a single record: callers count records, which may be large. */
    private static final int MOST_BYTES = 1 << 20;

    private final VerifiedSegment segment;
    private final BlockSource source;
    private final BlockInput input;
    private final DataFileStream<LogRecord> records;
    private long decoded; // the LSN of the next record to come out of the file
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
     * Opens a segment; reads nothing but what it needs of the first block.
     *
     * @param source gives its blocks; closed by the reader
     * @param fromLsn an LSN that the segment holds
     * @throws MalformedSegmentException if a block is not the one that was verified, or cannot be decoded
     * @throws IOException if the store does not answer
     */
    @SuppressWarnings("resource") // the stream holds memory alone: what needs to be closed is the source
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

    /** The LSN of the next record that {@link #read} gives; the one after the segment at its end. */
    long nextLsn() {
        return nextLsn;
    }

    /**
     * Reads on. A reader that threw is of no more use.
     *
     * @param most how many records at the most, 1 or more; fewer if they come to a mebibyte
     * @return empty at the segment's end and nowhere else
     * @throws MalformedSegmentException if a block is not the one that was verified, or its records are not the next ones
     * @throws IOException if the store does not answer
     */
    List<LogRecord> read(int most) throws IOException {
        var read = new ArrayList<LogRecord>();
        var bytes = 0L;
        try {
            while (read.size() < most && bytes < MOST_BYTES && records.hasNext()) {
                var record = records.next();
                if (record.lsn() != decoded) {
                    throw new MalformedSegmentException(
                            "found LSN " + record.lsn() + " where LSN " + decoded + " was next");
                }
                decoded++;
                if (record.lsn() >= nextLsn) {
                    read.add(record);
                    bytes += record.data().sizeBytes();
                }
            }
        } catch (RuntimeException e) { // Avro has several for one cause
            input.rethrowFailure();
            throw new MalformedSegmentException("its records cannot be read: " + e.getMessage());
        }
        if (read.isEmpty() && decoded != info().nextLsn()) {
            throw new MalformedSegmentException("its records end before LSN " + decoded + ", the header says "
                    + info().lastLsn() + " is the last one");
        }
        nextLsn = Math.max(nextLsn, decoded);
        return read;
    }

    @Override
    public void close() {
        source.close();
    }
}
