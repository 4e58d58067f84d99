package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.LogPoint;

/**
 * The position of a committed record.
 *
 * @param lsn its LSN, or the next one for a snapshot
 * @param offset its Kafka offset
 * @param copy whether a later owner wrote it again
 */
public record KnownLsn(long lsn, long offset, boolean copy) {
    static KnownLsn of(LogEntry entry) {
        return new KnownLsn(entry.lsn(), entry.offset(), entry.isCopy());
    }

    /** Returns the point before this record, from which a reader can start. */
    LogPoint point() {
        return LogPoint.at(offset, lsn);
    }
}
