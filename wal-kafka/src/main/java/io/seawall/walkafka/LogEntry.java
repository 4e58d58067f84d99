package io.seawall.walkafka;

import io.seawall.wal.LogRecord;
import io.seawall.wal.Record;
import io.seawall.walkafka.port.LogCursor.Stored;
import org.jspecify.annotations.Nullable;

/**
 * One record as it came from the partition.
 *
 * @param offset its Kafka offset
 * @param timestampMs CreateTime in milliseconds since the epoch
 * @param header what its {@code wal} header says, or null if it is foreign
 * @param data key, value and headers without Seawall's own headers
 */
record LogEntry(long offset, long timestampMs, @Nullable WalHeader header, Record data) {
    static LogEntry of(Stored stored) {
        return new LogEntry(stored.offset(), stored.timestampMs(), WalHeaderCodec.read(stored.wal()), stored.data());
    }

    /** The LSN of a data record, the next LSN of a snapshot, -1 for everything else. */
    long lsn() {
        if (header instanceof WalHeader.Data data) {
            return data.lsn();
        }
        return header instanceof WalHeader.Snapshot snapshot ? snapshot.lsn() : -1;
    }

    /** Whether a later owner wrote this record again. */
    boolean isCopy() {
        return header instanceof WalHeader.Data data && data.copy();
    }

    LogRecord toLogRecord(WalHeader.Data as) {
        return new LogRecord(as.lsn(), as.firstTerm(), timestampMs, offset, data);
    }
}
