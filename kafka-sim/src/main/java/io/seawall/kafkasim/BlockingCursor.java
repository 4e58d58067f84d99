package io.seawall.kafkasim;

import io.seawall.walkafka.port.LogCursor;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A cursor whose calls block until the result is there; the rest of the simulation continues meanwhile. */
final class BlockingCursor implements LogCursor {
    private static final long LONGEST_US = 60_000_000;

    private final LogCursor cursor;
    private final EventLoop loop;

    BlockingCursor(LogCursor cursor, EventLoop loop) {
        this.cursor = cursor;
        this.loop = loop;
    }

    @Override
    public CompletableFuture<Range> range() {
        return awaited(cursor.range());
    }

    @Override
    public CompletableFuture<Fetched> fetch(long from, Duration wait) {
        return awaited(cursor.fetch(from, wait));
    }

    @Override
    public CompletableFuture<OptionalLong> offsetAt(long timestampMs) {
        return awaited(cursor.offsetAt(timestampMs));
    }

    private <T> CompletableFuture<T> awaited(CompletableFuture<T> answer) {
        if (!loop.runUntil(answer::isDone, LONGEST_US)) {
            throw new IllegalStateException("a simulated read never ends: is its process paused or killed?");
        }
        return answer;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
