package io.seawall.walkafka;

import io.seawall.walkafka.port.LogCursor;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A cursor that tells each time when it gets further in the log. */
final class WatchedCursor implements LogCursor {
    private final LogCursor cursor;
    private final Runnable onFurther;

    /**
     * A cursor around another one, which it closes.
     *
     * @param onFurther told after each fetch that read something, on whichever thread it completes
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
