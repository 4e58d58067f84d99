package io.seawall.node.tail;

import io.seawall.wal.LogRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Consecutive records that readers share, and their encodings, each of which the first reader that needs it makes. Thread-safe. */
final class Batch {
    /** What an object of a record takes besides its bytes, roughly. */
    private static final int RECORD_OVERHEAD_BYTES = 128;

    private final List<LogRecord> records;
    private final long dataBytes;
    private final Growth growth;
    private final Map<RecordEncoder, EncodedRecords> encodings = new HashMap<>(2); // guarded by this

    /** Learns that a batch takes more memory. */
    interface Growth {
        /** Called without a lock of the batch. */
        void grew(Batch batch, long bytes);
    }

    /**
     * Creates a batch.
     *
     * @param records at least one; their LSNs have no gap
     */
    Batch(List<LogRecord> records, Growth growth) {
        this.records = List.copyOf(records);
        this.dataBytes =
                records.stream().mapToLong(record -> record.data().sizeBytes()).sum();
        this.growth = growth;
    }

    List<LogRecord> records() {
        return records;
    }

    int count() {
        return records.size();
    }

    /** Returns the bytes of the records as limits count them. */
    long dataBytes() {
        return dataBytes;
    }

    /** Returns the memory that the batch takes without encodings, in bytes. */
    long weightBytes() {
        return dataBytes + (long) RECORD_OVERHEAD_BYTES * count();
    }

    long firstLsn() {
        return records.get(0).lsn();
    }

    /** Returns the LSN after the last record. */
    long nextLsn() {
        return firstLsn() + count();
    }

    /** Returns a record that is in this batch. */
    LogRecord record(long lsn) {
        return records.get((int) (lsn - firstLsn()));
    }

    /** Returns all records in a form. Callers that come while it is made wait for it, since they need it too. */
    EncodedRecords encoded(RecordEncoder encoder) {
        EncodedRecords made;
        synchronized (this) {
            var known = encodings.get(encoder);
            if (known != null) {
                return known;
            }
            made = encoder.encode(records);
            encodings.put(encoder, made);
        }
        growth.grew(this, made.sizeBytes());
        return made;
    }
}
