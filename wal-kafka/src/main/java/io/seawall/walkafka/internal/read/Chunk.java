package io.seawall.walkafka.internal.read;

import io.seawall.wal.LogRecord;
import io.seawall.walkafka.internal.format.LogPoint;
import java.util.List;

/**
 * Consecutive records, in whole batches. Immutable, so readers may share it.
 *
 * @param records the records, in order; may be empty
 * @param after the point after the last record
 */
record Chunk(List<LogRecord> records, LogPoint after) {
    static Chunk empty(LogPoint here) {
        return new Chunk(List.of(), here);
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    /** Returns the LSN of the first record, or the LSN that comes next if there is none. */
    long first() {
        return isEmpty() ? after.next() : records.get(0).lsn();
    }

    /** Returns the records from an LSN on, which must be in this chunk. */
    Chunk from(long lsn) {
        return lsn <= first() ? this : new Chunk(records.subList((int) (lsn - first()), records.size()), after);
    }
}
