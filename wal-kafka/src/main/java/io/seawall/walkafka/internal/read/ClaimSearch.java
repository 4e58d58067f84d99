package io.seawall.walkafka.internal.read;

import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.scan.LogScanner;
import io.seawall.walkafka.port.LogCursor;
import java.util.concurrent.CompletableFuture;

/**
 * Looks for the claim of a stamp in front of a record of that stamp. A reader that did not see it may have been there before it: the
 * log lost its end under the reader, and another owner wrote on from a lower offset.
 */
final class ClaimSearch {
    private static final LogScanner.Strides STRIDES = new LogScanner.Strides(512, 8);

    private final LogCursor committed;
    private final LogScanner scanner;
    private final Stamp stamp;
    private boolean found;
    private boolean lower; // whether an earlier owner's record was seen: the claim would stand behind it

    /**
     * A search, used once.
     *
     * @param committed a cursor of the committed view
     * @param scanner reads with it
     * @param stamp whose claim
     */
    ClaimSearch(LogCursor committed, LogScanner scanner, Stamp stamp) {
        this.committed = committed;
        this.scanner = scanner;
        this.stamp = stamp;
    }

    /** Completes with whether the claim stands below an offset. */
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
