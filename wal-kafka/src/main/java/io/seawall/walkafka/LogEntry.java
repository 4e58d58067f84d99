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
 * @param writer the bytes of its {@code wal-w} header, or null if it has none
 * @param data key, value and headers without Seawall's own headers
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record LogEntry(long offset, long timestampMs, @Nullable WalHeader header, byte @Nullable [] writer, Record data) {
    /** An entry. Not in the short form, from which javac 17 loses the Nullable. */
    LogEntry(long offset, long timestampMs, @Nullable WalHeader header, byte @Nullable [] writer, Record data) {
        this.offset = offset;
        this.timestampMs = timestampMs;
        this.header = header;
        this.writer = writer;
        this.data = data;
    }

    static LogEntry of(Stored stored) {
        var header = WalHeaderCodec.read(stored.wal());
        return new LogEntry(stored.offset(), stored.timestampMs(), header, stored.writer(), stored.data());
    }

    /** The LSN of a data record, the next LSN of a snapshot, -1 for everything else. */
    long lsn() {
        if (header instanceof WalHeader.Data data) {
            return data.lsn();
        }
        return header instanceof WalHeader.Snapshot snapshot ? snapshot.lsn() : -1;
    }

    /** Which attempt wrote this claim; null if its body does not say. */
    @Nullable
    String nonce() {
        return ControlBody.read(data.value()).text("nonce");
    }

    /** Whether a later owner wrote this record again. */
    boolean isCopy() {
        return header instanceof WalHeader.Data data && data.copy();
    }

    LogRecord toLogRecord(WalHeader.Data as) {
        return new LogRecord(as.lsn(), as.firstTerm(), timestampMs, offset, data);
    }
}
