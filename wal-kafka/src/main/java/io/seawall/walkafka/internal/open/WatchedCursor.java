package io.seawall.walkafka.internal.open;

import io.seawall.walkafka.port.LogCursor;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A cursor that reports each fetch that moved forward in the log. */
final class WatchedCursor implements LogCursor {
    private final LogCursor cursor;
    private final Runnable onFurther;

    /**
     * Creates a cursor around another one, which it closes.
     *
     * @param onFurther called after each fetch that moved forward, on the thread that completes the fetch
     */
    WatchedCursor(LogCursor cursor, Runnable onFurther) {
        this.cursor = cursor;
        this.onFurther = onFurther;
    }

    @Override
    public CompletableFuture<Range> range() {
        return cursor.range();
    }

    @Override
    public CompletableFuture<Fetched> fetch(long from, Duration wait) {
        return cursor.fetch(from, wait).thenApply(fetched -> {
            if (fetched.next() > from) {
                onFurther.run();
            }
            return fetched;
        });
    }

    @Override
    public CompletableFuture<OptionalLong> offsetAt(long timestampMs) {
        return cursor.offsetAt(timestampMs);
    }

    @Override
    public void close() {
        cursor.close();
    }
}
