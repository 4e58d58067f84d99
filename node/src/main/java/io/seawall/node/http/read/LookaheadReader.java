package io.seawall.node.http.read;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import io.seawall.wal.Problem;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A reader that can look ahead by one record, so that a page can end at a number of bytes; also keeps the log's bounds. Used
 * by one thread at a time; {@link #close} may come from any thread.
 */
public final class LookaheadReader implements AutoCloseable {
    /** Small enough that a page of large records does not hold much more than it may return. */
    private static final PollLimits POLL = new PollLimits(500, 1 << 20);

    private static final long CATCH_UP_MS = 10_000;

    /** The longest single wait, so that a shutdown is noticed. */
    private static final long SLICE_MS = 500;

    private final WalReaders readers;
    private final WalReader reader;
    private final View view;
    private final LongSupplier nanoTime;
    private final ArrayDeque<LogRecord> ahead = new ArrayDeque<>();
    private LogBounds bounds = new LogBounds(0, 0);

    LookaheadReader(WalReaders readers, WalReader reader, View view, LongSupplier nanoTime) {
        this.readers = readers;
        this.reader = reader;
        this.view = view;
        this.nanoTime = nanoTime;
    }

    PChannel pchannel() {
        return reader.pchannel();
    }

    View view() {
        return view;
    }

    /** Returns the LSN of the next record that {@link #peek} returns. */
    long nextLsn() {
        var first = ahead.peek();
        return first == null ? reader.nextLsn() : first.lsn();
    }

    /** Updates the log's bounds; they may be as old as the node's readers cache them. */
    LogBounds updateBounds() {
        bounds = readers.bounds(pchannel(), view);
        return bounds();
    }

    /** Returns the bounds of the last update, with a tail that is never below what was read. */
    LogBounds bounds() {
        return new LogBounds(bounds.oldest(), Math.max(bounds.tail(), nextLsn()));
    }

    /**
     * Returns the next record. Waits for a record that is known to exist, even if {@code wait} is zero.
     *
     * @param wait how long to wait for a record that may not exist yet
     * @param stopping ends the wait
     * @return null if none came in time
     */
    @Nullable
    LogRecord peek(Duration wait, BooleanSupplier stopping) {
        if (ahead.isEmpty()) {
            var known = reader.nextLsn() < bounds.tail();
            fill(known ? CATCH_UP_MS : wait.toMillis(), stopping);
            if (ahead.isEmpty() && known && !stopping.getAsBoolean()) {
                throw Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel())
                        .pchannel(pchannel())
                        .found("no record at LSN " + reader.nextLsn() + " within " + CATCH_UP_MS
                                + " ms, with the tail at " + bounds.tail())
                        .fix("try again")
                        .exception();
            }
        }
        return ahead.peek();
    }

    private void fill(long waitMs, BooleanSupplier stopping) {
        var startNanos = nanoTime.getAsLong();
        var leftMs = waitMs;
        while (leftMs > 0 && ahead.isEmpty() && !stopping.getAsBoolean()) {
            ahead.addAll(reader.poll(POLL, Duration.ofMillis(Math.min(leftMs, SLICE_MS))));
            leftMs = waitMs - TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - startNanos);
        }
    }

    /** Moves on to the record after the one that {@link #peek} returns. */
    void advance() {
        ahead.remove();
    }

    @Override
    public void close() {
        reader.close();
    }
}
