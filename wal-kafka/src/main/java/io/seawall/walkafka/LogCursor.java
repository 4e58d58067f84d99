package io.seawall.walkafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Port: reads one partition. One call at a time; {@link #close} may come at any time. Errors are
 * {@link io.seawall.wal.WalException}s.
 */
interface LogCursor extends AutoCloseable {
    /** Which records are visible. */
    enum Isolation {
        /** Up to the high watermark, aborted records included. */
        UNCOMMITTED,
        /** Up to the last stable offset, without aborted records. */
        COMMITTED
    }

    /**
     * What the partition held at one moment.
     *
     * @param start the first offset that is still there
     * @param end the offset after the last visible one: high watermark or last stable offset
     */
    record Range(long start, long end) {}

    /**
     * The answer to a fetch.
     *
     * @param entries the visible records, in order
     * @param next where to go on; above the last entry where markers or aborted records were passed over
     */
    record Fetched(List<LogEntry> entries, long next) {}

    /** Asks for the present range. */
    CompletableFuture<Range> range();

    /**
     * Fetches from an offset on.
     *
     * @param from the offset, inclusive
     * @param wait how long to wait if there is nothing
     */
    CompletableFuture<Fetched> fetch(long from, Duration wait);

    /** Releases the connection without waiting. Never throws. */
    @Override
    void close();
}
