package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.serial.Loop;
import java.util.concurrent.CompletableFuture;

/**
 * Finds the offset of an LSN, or of a record shortly before it, in the committed view. Offsets are not dense (markers, copies,
 * leases), but LSNs grow with offsets. So the search interpolates between a known record on each side and reads the record at the
 * guessed offset, which narrows the range. After a guess that did not halve the range it reads the record in the middle. So an
 * uneven log costs at most twice what a binary search costs.
 */
final class LsnSearch {
    /** The search ends within so many records or offsets: reading past them is faster than another probe. */
    static final long CLOSE_ENOUGH = 1_000;

    private final LogScanner scanner;
    private final LsnIndex index;
    /** How many more offsets than LSNs there are before {@code high}. No earlier record of the log can have more before it. */
    private final long unnumbered;

    private KnownLsn low;
    private KnownLsn high;
    private boolean halve;

    /**
     * Creates a search, which can be used once.
     *
     * @param scanner reads the committed view
     * @param index the positions that earlier searches found; this search adds to it
     * @param low a committed record at or below the LSN
     * @param high a committed record above the LSN
     */
    LsnSearch(LogScanner scanner, LsnIndex index, KnownLsn low, KnownLsn high) {
        this.scanner = scanner;
        this.index = index;
        this.low = low;
        this.high = high;
        this.unnumbered = high.offset() - high.lsn();
    }

    /** Finds a committed data or snapshot record at or below an LSN, and so close to it that a reader can read on from there. */
    CompletableFuture<KnownLsn> atOrBelow(long lsn) {
        var below = index.atOrBelow(lsn);
        if (below != null && below.offset() > low.offset()) {
            low = below;
        }
        var above = index.above(lsn);
        if (above != null && above.offset() < high.offset()) {
            high = above;
        }
        return Loop.until(() -> isClose(lsn), () -> probe(lsn)).thenApply(done -> low);
    }

    private boolean isClose(long lsn) {
        return lsn - low.lsn() <= CLOSE_ENOUGH || high.offset() - low.offset() <= CLOSE_ENOUGH;
    }

    private CompletableFuture<Void> probe(long lsn) {
        var guess = halve ? low.offset() + (high.offset() - low.offset()) / 2 : guess(lsn);
        return scanner.firstNumbered(guess, high.offset()).thenAccept(found -> {
            var before = high.offset() - low.offset();
            if (found == null || isMisplaced(found)) {
                high = new KnownLsn(high.lsn(), guess, false);
            } else {
                index.add(found);
                narrow(guess, found, lsn);
            }
            halve = high.offset() - low.offset() > before / 2;
        });
    }

    /**
     * Returns whether another program wrote the record: its LSN is below one before it, or there are not enough offsets between it
     * and {@code high} for the LSNs in between.
     */
    private boolean isMisplaced(LogEntry found) {
        return found.lsn() < low.lsn() || found.offset() - found.lsn() > unnumbered;
    }

    private void narrow(long guess, LogEntry found, long lsn) {
        if (found.lsn() <= lsn) {
            low = KnownLsn.of(found);
        } else {
            high = new KnownLsn(found.lsn(), guess, found.isCopy());
        }
    }

    /** Interpolates an offset a little before the LSN, so that the record there is most likely below the LSN, and close to it. */
    private long guess(long lsn) {
        var aim = Math.max(low.lsn(), lsn - CLOSE_ENOUGH / 2);
        var share = (double) (aim - low.lsn()) / Math.max(1, high.lsn() - low.lsn());
        var guess = low.offset() + (long) (share * (high.offset() - low.offset()));
        return Math.min(Math.max(guess, low.offset() + 1), high.offset() - 1);
    }
}
