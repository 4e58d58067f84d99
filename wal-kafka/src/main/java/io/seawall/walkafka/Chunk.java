package io.seawall.walkafka;

import io.seawall.wal.LogRecord;
import java.util.List;

/**
 * Records that follow each other without a gap, whole batches only. Never changed, so that readers may share it.
 *
 * @param records in order; may be empty
 * @param after the place behind the last one
 */
record Chunk(List<LogRecord> records, LogPoint after) {
    static Chunk empty(LogPoint here) {
        return new Chunk(List.of(), here);
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    /** The LSN of the first record; that of the next one if there is none. */
    long first() {
        return isEmpty() ? after.next() : records.get(0).lsn();
    }

    /** What remains from an LSN on, which lies in this chunk. */
    Chunk from(long lsn) {
        return lsn <= first() ? this : new Chunk(records.subList((int) (lsn - first()), records.size()), after);
    }
}
