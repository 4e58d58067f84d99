package io.seawall.walkafka;

import io.seawall.walkafka.port.LogCursor;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the oldest LSN of a log whose first records were trimmed. */
final class LogStart {
    private final LogScanner scanner;

    LogStart(LogCursor cursor, Supplier<@Nullable RuntimeException> giveUp) {
        this.scanner = new LogScanner(cursor, giveUp);
    }

    /**
     * The LSN of the first data or snapshot record; 0 if there is none.
     *
     * @param from the log's start
     * @param end where to stop looking, exclusive
     */
    CompletableFuture<Long> oldest(long from, long end) {
        return scanner.firstNumbered(from, end).thenApply(first -> first == null ? 0 : first.lsn());
    }
}
