package io.seawall.walkafka;

import org.jspecify.annotations.Nullable;

/**
 * Where a snapshot stands, and what it says beside its number.
 *
 * @param offset its Kafka offset
 * @param lsn its number: everything below precedes it
 * @param storeId the segment store that it names, or null
 */
record SnapshotAt(long offset, long lsn, @Nullable String storeId) {
    /** A snapshot of a log that is bound to no store. */
    SnapshotAt(long offset, long lsn) {
        this(offset, lsn, null);
    }
}
