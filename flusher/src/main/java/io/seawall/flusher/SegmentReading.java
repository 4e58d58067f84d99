package io.seawall.flusher;

import io.seawall.wal.PChannel;
import java.nio.file.Path;

/**
 * Reads the records of segments where neither node nor Kafka is needed. A segment is read twice: its checksum is compared
 * before the first record of it is handed out, so that nothing damaged ever is. May be used from any thread; every call blocks.
 */
public final class SegmentReading {
    private final SegmentStore store;
    private final SegmentFiles files;

    /**
     * Reads from a store.
     *
     * @param store the store, which stays the caller's
     */
    public SegmentReading(SegmentStore store) {
        this.store = store;
        this.files = new SegmentFiles(store);
    }

    /**
     * Finds a range of records, all of it or an error: that the segments are there is checked by their headers, now.
     *
     * @param pchannel the log
     * @param range which records; none is no error if the range begins right behind the last one
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
     * Finds a range of records in one file, wherever it is and whatever its name: a segment or an export.
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
