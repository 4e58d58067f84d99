package io.seawall.walkafka.internal.scan;

import io.seawall.wal.PChannel;
import io.seawall.wal.View;
import io.seawall.walkafka.internal.format.LogPoint;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.port.LogCursor;
import java.util.Set;

/**
 * Finds where in the partition to begin: at a committed data or snapshot record, right behind one, or at the log's start, and
 * nowhere else (docs/protocol.md#start-positions). All from one look at the committed view, as a commit between two looks could
 * move the place beyond what is looked for. Blocks.
 */
public final class StartSearch {
    private static final long WIDE = 512;

    private final LogScanner scanner;
    private final LsnIndex index;
    private final LogCursor.Range range;
    private final LogWindow window;
    private final KnownLsn oldest;

    private StartSearch(LogScanner scanner, LsnIndex index, LogCursor.Range range, LogWindow window, KnownLsn oldest) {
        this.scanner = scanner;
        this.index = index;
        this.range = range;
        this.window = window;
        this.oldest = oldest;
    }

    /**
     * Looks at a log.
     *
     * @param pchannel the log
     * @param scanner reads its committed view
     * @param index what is known of it from earlier searches
     * @throws io.seawall.wal.OperatorException with DATA_LOSS if the log had records once and has none now
     */
    public static StartSearch in(PChannel pchannel, LogScanner scanner, LsnIndex index) {
        var range = Futures.joined(scanner.range());
        index.dropBelow(range.start());
        var window = Futures.joined(scanner.windowBelow(range, range.end(), Set.of()));
        var oldest = oldest(pchannel, scanner, range);
        index.beginsWith(range.start(), oldest.lsn());
        return new StartSearch(scanner, index, range, window, oldest);
    }

    private static KnownLsn oldest(PChannel pchannel, LogScanner scanner, LogCursor.Range range) {
        if (range.start() == 0) {
            return new KnownLsn(0, 0, false);
        }
        var first = Futures.joined(scanner.firstNumbered(range.start(), range.end()));
        if (first == null) {
            throw DataLossErrors.emptied("read " + pchannel, pchannel, range.start());
        }
        return KnownLsn.of(first);
    }

    /** The oldest LSN. */
    public long oldest() {
        return oldest.lsn();
    }

    /** The next LSN as far as it is committed. */
    public long committedTail() {
        return window.committedTail();
    }

    /** The same look, a good deal further back: what looked like the log's end may have been written by another program. */
    public StartSearch wider() {
        var wide = Futures.joined(scanner.windowBelow(range, range.end(), Set.of(), range.end() - WIDE));
        return new StartSearch(scanner, index, range, wide, oldest);
    }

    /** The stamp of the last committed record that an owner wrote once its opening was done; a copy may be of one that was not. */
    public Stamp lastOwner() {
        return window.position().highest();
    }

    /** The place at the oldest record. */
    public LogPoint start() {
        return oldest.point();
    }

    /** A place before the first record that may not be committed yet. */
    public LogPoint nearTail() {
        return behindBase(window);
    }

    /** A place before everything that is at or above an offset. */
    public LogPoint below(long offset) {
        return behindBase(Futures.joined(scanner.windowBelow(range, Math.min(offset, range.end()), Set.of())));
    }

    private LogPoint behindBase(LogWindow of) {
        return of.base() == null ? start() : new LogPoint(of.afterBase(), of.position());
    }

    /**
     * A place at or before an LSN, near enough to be read on from.
     *
     * @param lsn not below the oldest
     */
    public LogPoint atOrBelow(long lsn, View view) {
        var newest = window.anchor();
        if (newest == null || committedTail() <= lsn) {
            return nearTail();
        }
        var found = Futures.joined(new LsnSearch(scanner, index, oldest, KnownLsn.of(newest)).atOrBelow(lsn));
        // Records that were acknowledged, but not yet written again when this copy was committed, stand below it.
        return found.copy() && view == View.LIVE ? below(found.offset()) : found.point();
    }
}
