package io.seawall.walkafka;

import io.seawall.walkafka.port.LogCursor;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the oldest LSN of a log whose first records were trimmed. */
final class LogStart {
    private final LogCursor cursor;
    private final Supplier<@Nullable RuntimeException> giveUp;

    LogStart(LogCursor cursor, Supplier<@Nullable RuntimeException> giveUp) {
        this.cursor = cursor;
        this.giveUp = giveUp;
    }

    /**
     * The LSN of the first data or snapshot record.
     *
     * @param from the log's start
     * @param end where to stop looking, exclusive
     */
    CompletableFuture<Long> oldest(long from, long end) {
        var first = new FirstNumbered();
        var at = new long[] {from};
        return Loop.until(() -> first.lsn >= 0 || at[0] >= end, () -> {
                    var stop = Math.min(end, at[0] + 64);
                    var walk = new LogScanner(cursor, giveUp).walk(at[0], stop, first::see);
                    at[0] = stop;
                    return walk;
                })
                .thenApply(done -> Math.max(0, first.lsn));
    }

    private static final class FirstNumbered {
        private long lsn = -1;

        void see(LogEntry entry) {
            if (lsn < 0 && entry.header() instanceof WalHeader.Data data) {
                lsn = data.lsn();
            } else if (lsn < 0 && entry.header() instanceof WalHeader.Snapshot snapshot) {
                lsn = snapshot.lsn();
            }
        }
    }
}
