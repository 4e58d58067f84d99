package io.seawall.walkafka.internal.format;

import io.seawall.wal.LogRecord;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.port.LogCursor.Stored;
import org.jspecify.annotations.Nullable;

/**
 * A record that was read from the partition.
 *
 * @param offset its Kafka offset
 * @param timestampMs CreateTime in milliseconds since the epoch
 * @param header its decoded {@code wal} header, or null for a foreign record
 * @param writer the bytes of its {@code wal-w} header, or null if it has none
 * @param data key, value and headers without Seawall's own headers
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LogEntry(
        long offset, long timestampMs, @Nullable WalHeader header, byte @Nullable [] writer, WalRecord data) {
    /** Not a compact constructor, since javac 17 loses its {@code @Nullable}. */
    public LogEntry(
            long offset, long timestampMs, @Nullable WalHeader header, byte @Nullable [] writer, WalRecord data) {
        this.offset = offset;
        this.timestampMs = timestampMs;
        this.header = header;
        this.writer = writer;
        this.data = data;
    }

    public static LogEntry of(Stored stored) {
        var header = WalHeaderCodec.read(stored.wal());
        return new LogEntry(stored.offset(), stored.timestampMs(), header, stored.writer(), stored.data());
    }

    /** Returns the LSN of a data record, the next LSN of a snapshot, or -1 for any other record. */
    public long lsn() {
        if (header instanceof WalHeader.Data data) {
            return data.lsn();
        }
        return header instanceof WalHeader.Snapshot snapshot ? snapshot.lsn() : -1;
    }

    /** Returns the nonce of the attempt that wrote this claim, or null if its body has none. */
    @Nullable
    public String nonce() {
        return ControlBody.read(data.value()).text("nonce");
    }

    /** Returns whether a later owner wrote this record again. */
    public boolean isCopy() {
        return header instanceof WalHeader.Data data && data.copy();
    }

    public LogRecord toLogRecord(WalHeader.Data as) {
        return new LogRecord(as.lsn(), as.firstTerm(), timestampMs, offset, data);
    }
}
