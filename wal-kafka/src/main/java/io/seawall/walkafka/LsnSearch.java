package io.seawall.walkafka;

import io.seawall.walkafka.port.LogCursor;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds where an LSN is. Offsets are not dense (markers, copies, leases), but on the committed view LSNs grow with offsets, so
 * halving the range of offsets finds it.
 */
final class LsnSearch {
    /** Below this many offsets a plain walk by the reader is cheaper than one more probe. */
    private static final long CLOSE_ENOUGH = 2_000;

    private static final long PROBE_STRIDE = 256;

    private final LogScanner scanner;
    private long low;
    private long high;
    private @Nullable LogEntry best;

    /** A search of a committed view's range; used once. */
    LsnSearch(LogScanner scanner, LogCursor.Range range) {
        this.scanner = scanner;
        this.low = range.start();
        this.high = range.end();
    }

    /**
     * Finds the nearest committed data or snapshot record that is not above an LSN, to within a stretch that is cheap to read.
     *
     * @return the record, or null if the range starts near enough
     */
    CompletableFuture<@Nullable LogEntry> atOrBelow(long lsn) {
        return Loop.until(() -> high - low <= CLOSE_ENOUGH, () -> probe(low + (high - low) / 2, lsn))
                .thenApply(done -> best);
    }

    private CompletableFuture<Void> probe(long middle, long lsn) {
        var first = new LogEntry[1];
        var at = new long[] {middle};
        return Loop.until(() -> first[0] != null || at[0] >= high, () -> {
                    var stop = Math.min(high, at[0] + PROBE_STRIDE);
                    var walk = scanner.walk(at[0], stop, entry -> keepFirst(first, entry));
                    at[0] = stop;
                    return walk;
                })
                .thenRun(() -> narrow(middle, first[0], lsn));
    }

    private static void keepFirst(LogEntry[] first, LogEntry entry) {
        if (first[0] == null && lsnOf(entry) >= 0) {
            first[0] = entry;
        }
    }

    private void narrow(long middle, @Nullable LogEntry found, long lsn) {
        if (found != null && lsnOf(found) <= lsn) {
            best = found;
            low = found.offset() + 1;
        } else {
            high = middle;
        }
    }

    /** The LSN of a data record, the next LSN of a snapshot, -1 for others. */
    private static long lsnOf(LogEntry entry) {
        if (entry.header() instanceof WalHeader.Data data) {
            return data.lsn();
        }
        return entry.header() instanceof WalHeader.Snapshot snapshot ? snapshot.lsn() : -1;
    }
}
