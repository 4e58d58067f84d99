package io.seawall.walkafka.internal.format;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot and its position.
 *
 * @param offset its Kafka offset
 * @param lsn the next LSN: all records with lower LSNs precede the snapshot
 * @param storeId the segment store that it names, or null
 */
public record SnapshotAt(long offset, long lsn, @Nullable String storeId) {
    /** Creates a snapshot of a log that is not bound to a store. */
    public SnapshotAt(long offset, long lsn) {
        this(offset, lsn, null);
    }
}
