package io.seawall.walkafka;

import io.seawall.wal.LogRecord;
import io.seawall.wal.Record;
import org.jspecify.annotations.Nullable;

/**
 * One record as it came from the partition.
 *
 * @param offset its Kafka offset
 * @param timestampMs CreateTime in milliseconds since the epoch
 * @param header what its {@code wal} header says, or null if it is foreign
 * @param data key, value and headers without the {@code wal} header
 */
record LogEntry(long offset, long timestampMs, @Nullable WalHeader header, Record data) {
    LogRecord toLogRecord(WalHeader.Data as) {
        return new LogRecord(as.lsn(), as.firstTerm(), timestampMs, offset, data);
    }
}
