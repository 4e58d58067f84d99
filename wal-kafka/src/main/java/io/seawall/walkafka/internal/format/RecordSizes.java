package io.seawall.walkafka.internal.format;

import io.seawall.wal.WalRecord;

/** Computes the bytes that a record counts for in queues, windows and leases. */
public final class RecordSizes {
    /** Added to each record, so that the number of empty records is bounded too. */
    private static final int OVERHEAD_BYTES = 64;

    private RecordSizes() {}

    /** Returns the bytes of key, value and headers, plus a constant. */
    public static long counted(WalRecord record) {
        return (long) record.sizeBytes() + OVERHEAD_BYTES;
    }
}
