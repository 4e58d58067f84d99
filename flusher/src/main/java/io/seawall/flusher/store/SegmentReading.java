package io.seawall.flusher.store;

import io.seawall.flusher.segment.LsnRange;
import io.seawall.wal.PChannel;
import java.nio.file.Path;

/**
 * Reads the records of segments without a node and without Kafka. Reads a segment twice: compares its checksum before it
 * returns the first record, so that it never returns damaged records. Thread-safe; every call blocks.
 */
public final class SegmentReading {
    private final SegmentStore store;
    private final SegmentFiles files;

    /**
     * Reads from a store.
     *
     * @param store the store; the caller closes it
     */
    public SegmentReading(SegmentStore store) {
        this.store = store;
        this.files = new SegmentFiles(store);
    }

    /**
     * Finds all records of a range, or fails. Reads the headers to check now that the segments exist.
     *
     * @param pchannel the log
     * @param range which records; may be empty if it begins right after the last record
     * @return the records, to be closed by the caller
     * @throws io.seawall.wal.RequestException with NOT_FOUND if the log has no segments, TRIMMED or BEYOND_TAIL if they do not
     *     cover the range
     * @throws io.seawall.wal.OperatorException with DATA_LOSS that names a damaged or missing segment
     * @throws io.seawall.wal.RetryableException if the store does not answer
     */
    public SegmentRecords records(PChannel pchannel, LsnRange range) {
        return new SegmentRecords(store, files, ReadPlan.of(store, files, pchannel, range));
    }

    /**
     * Finds a range of records in one file, a segment or an export, with any name in any folder.
     *
     * @param file the file
     * @param range which records
     * @return the records, to be closed by the caller
     * @throws io.seawall.wal.WalException as {@link #records} does
     */
    public static SegmentRecords recordsOf(Path file, LsnRange range) {
        var store = FileStore.of(file);
        return new SegmentReading(store).records(store.pchannel(), range);
    }
}
