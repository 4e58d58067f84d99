package io.seawall.walkafka.internal.read;

import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.scan.LogScanner;
import io.seawall.walkafka.port.LogCursor;
import java.util.concurrent.CompletableFuture;

/**
 * Searches for the claim of a stamp below the offset of a record with that stamp. If a reader meets such a record without having
 * seen the claim, but the claim is there, then the log lost its end after the reader had read past the claim's offset.
 */
final class ClaimSearch {
    private static final LogScanner.Strides STRIDES = new LogScanner.Strides(512, 8);

    private final LogCursor committed;
    private final LogScanner scanner;
    private final Stamp stamp;
    private boolean found;
    private boolean lower; // whether a record of an earlier owner was seen: the claim can only be behind it

    /**
     * Creates a search, which can be used once.
     *
     * @param committed a cursor of the committed view
     * @param scanner reads with that cursor
     * @param stamp the stamp of the claim
     */
    ClaimSearch(LogCursor committed, LogScanner scanner, Stamp stamp) {
        this.committed = committed;
        this.scanner = scanner;
        this.stamp = stamp;
    }

    /** Completes with true if the claim is committed below an offset. */
    CompletableFuture<Boolean> isBelow(long offset) {
        return committed.range().thenCompose(range -> {
            var end = Math.min(offset, range.end());
            return scanner.walkBack(range.start(), end, STRIDES, () -> found || lower, this::take)
                    .thenApply(done -> found);
        });
    }

    private void take(LogEntry entry) {
        var header = entry.header();
        if (header == null) {
            return;
        }
        found |= header.kind() == WalHeader.Kind.CLAIM && header.stamp().equals(stamp);
        lower |= entry.lsn() >= 0 && header.stamp().isBelow(stamp);
    }
}
