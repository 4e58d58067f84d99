package io.seawall.walkafka.port;

import io.seawall.wal.WalRecord;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Port: reads one partition. One call at a time; {@link #close} may come at any time. Futures fail with a
 * {@link io.seawall.wal.WalException}.
 */
public interface LogCursor extends AutoCloseable {
    /**
     * The longest wait of one fetch: callers split a longer wait. A much shorter wait may end before Kafka first answers.
     */
    Duration LONGEST_WAIT = Duration.ofMillis(500);

    /** Which records are visible. */
    enum Isolation {
        /** Up to the high watermark, aborted records included. */
        UNCOMMITTED,
        /** Up to the last stable offset, without aborted records. */
        COMMITTED
    }

    /**
     * The visible range of the partition at one moment.
     *
     * @param start the first offset that is still there
     * @param end the offset after the last visible one: high watermark or last stable offset
     */
    record Range(long start, long end) {}

    /**
     * The result of a fetch.
     *
     * @param records the visible records, in order
     * @param next the offset for the next fetch; it also skips markers and aborted records after the last record
     */
    record Fetched(List<Stored> records, long next) {}

    /**
     * A record as the partition holds it.
     *
     * @param offset its Kafka offset
     * @param timestampMs CreateTime in milliseconds since the epoch
     * @param wal the bytes of its {@code wal} header, or null if it has none
     * @param writer the bytes of its {@code wal-w} header, or null if it has none
     * @param data key, value, and the other headers
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Stored(long offset, long timestampMs, byte @Nullable [] wal, byte @Nullable [] writer, WalRecord data) {
        public Stored(long offset, long timestampMs, byte @Nullable [] wal, byte @Nullable [] writer, WalRecord data) {
            this.offset = offset;
            this.timestampMs = timestampMs;
            this.wal = wal;
            this.writer = writer;
            this.data = data;
        }
    }

    /** Asks for the current range. */
    CompletableFuture<Range> range();

    /**
     * Fetches records from an offset.
     *
     * @param from the offset, inclusive
     * @param wait how long to wait if there is nothing to return
     */
    CompletableFuture<Fetched> fetch(long from, Duration wait);

    /**
     * Finds the first record at or after a point in time.
     *
     * @param timestampMs milliseconds since the epoch, 0 or more
     * @return the offset of the first visible record whose CreateTime is at or after it; empty if there is none
     */
    CompletableFuture<OptionalLong> offsetAt(long timestampMs);

    /** Releases the connection. Never throws, never blocks. */
    @Override
    void close();
}
