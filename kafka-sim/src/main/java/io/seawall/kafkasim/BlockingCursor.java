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
    private final SimProcess process;

    BlockingCursor(LogCursor cursor, EventLoop loop, SimProcess process) {
        this.cursor = cursor;
        this.loop = loop;
        this.process = process;
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
        loop.runUntil(() -> answer.isDone() || process.isKilled(), LONGEST_US);
        if (!answer.isDone()) {
            throw new IllegalStateException("a simulated read never ends: its process is "
                    + (process.isKilled() ? "killed" : "paused for too long"));
        }
        return answer;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
