package io.seawall.walkafka;

import io.seawall.wal.Record;

/** What records count for in windows, leases and transactions. */
final class RecordSizes {
    /** What a record costs beside its bytes, so that empty records are bounded too. */
    private static final int OVERHEAD_BYTES = 64;

    private RecordSizes() {}

    /** The bytes that a record counts for. */
    static long counted(Record record) {
        return (long) record.sizeBytes() + OVERHEAD_BYTES;
    }
}
