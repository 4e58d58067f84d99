package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.serial.Loop;
import java.util.concurrent.CompletableFuture;

/**
 * Finds where an LSN is. Offsets are not dense (markers, copies, leases), but on the committed view LSNs grow with offsets: so the
 * place is guessed from what is known on both sides, as if LSNs were spread evenly between, and each look at one record makes the
 * stretch smaller. A guess that did not halve the stretch is followed by a look at its middle, so that an uneven log costs at
 * most twice what halving costs.
 */
final class LsnSearch {
    /** So many records, or offsets, are read past faster than one more look takes. */
    static final long CLOSE_ENOUGH = 1_000;

    private final LogScanner scanner;
    private final LsnIndex index;
    private final long
            spare; // so many offsets more than LSNs there are below the end; no record of the log has more before it
    private KnownLsn low;
    private KnownLsn high;
    private boolean halve;

    /**
     * A search of a committed view; used once.
     *
     * @param scanner reads the committed view
     * @param index what earlier searches found, and where this one leaves what it finds
     * @param low a committed record that is not above what is looked for
     * @param high a committed record that is above it
     */
    LsnSearch(LogScanner scanner, LsnIndex index, KnownLsn low, KnownLsn high) {
        this.scanner = scanner;
        this.index = index;
        this.low = low;
        this.high = high;
        this.spare = high.offset() - high.lsn();
    }

    /** Finds a committed data or snapshot record that is not above an LSN and near enough to be read on from. */
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

    /** Another program wrote it: each LSN takes an offset, so one that stands so late does not leave enough for those behind it. */
    private boolean isMisplaced(LogEntry found) {
        return found.lsn() < low.lsn() || found.offset() - found.lsn() > spare;
    }

    private void narrow(long guess, LogEntry found, long lsn) {
        if (found.lsn() <= lsn) {
            low = KnownLsn.of(found);
        } else {
            high = new KnownLsn(found.lsn(), guess, found.isCopy());
        }
    }

    /** A little before the place where the LSN should be: the record found there is then most likely below it, and close. */
    private long guess(long lsn) {
        var aim = Math.max(low.lsn(), lsn - CLOSE_ENOUGH / 2);
        var share = (double) (aim - low.lsn()) / Math.max(1, high.lsn() - low.lsn());
        var guess = low.offset() + (long) (share * (high.offset() - low.offset()));
        return Math.min(Math.max(guess, low.offset() + 1), high.offset() - 1);
    }
}
