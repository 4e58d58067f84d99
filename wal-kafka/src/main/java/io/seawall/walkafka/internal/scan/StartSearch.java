package io.seawall.walkafka.internal.scan;

import io.seawall.wal.PChannel;
import io.seawall.wal.View;
import io.seawall.walkafka.internal.format.LogPoint;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.port.LogCursor;
import java.util.Set;

/**
 * Finds the offset at which a reader begins: at a committed data or snapshot record, right behind one, or at the log's start, and
 * nowhere else (docs/protocol.md#start-positions). Uses one view of the log's range and end throughout: a commit in between could
 * move the start beyond the wanted record. Blocks.
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
     * Reads the range, the window at the end and the oldest record of a log.
     *
     * @param pchannel the log
     * @param scanner reads the log's committed view
     * @param index the positions that earlier searches found
     * @throws io.seawall.wal.OperatorException with DATA_LOSS if the log once had records and has none left
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

    /** Returns the oldest LSN. */
    public long oldest() {
        return oldest.lsn();
    }

    /** Returns the LSN after the last committed record. */
    public long committedTail() {
        return window.committedTail();
    }

    /** Returns a search whose window reaches further back, for a log at whose end another program may have written. */
    public StartSearch wider() {
        var wide = Futures.joined(scanner.windowBelow(range, range.end(), Set.of(), range.end() - WIDE));
        return new StartSearch(scanner, index, range, wide, oldest);
    }

    /** Returns the stamp of the window's base: its owner had completed the opening, which copies alone do not prove. */
    public Stamp lastOwner() {
        return window.position().highest();
    }

    /** Returns the point of the oldest record. */
    public LogPoint start() {
        return oldest.point();
    }

    /** Returns a point before every record that may not be committed yet. */
    public LogPoint nearTail() {
        return behindBase(window);
    }

    /** Returns a point from which a reader finds every record at or above an offset. */
    public LogPoint below(long offset) {
        return behindBase(Futures.joined(scanner.windowBelow(range, Math.min(offset, range.end()), Set.of())));
    }

    private LogPoint behindBase(LogWindow of) {
        return of.base() == null ? start() : new LogPoint(of.afterBase(), of.position());
    }

    /**
     * Returns a point at or before an LSN, and so close to it that a reader can read on from there.
     *
     * @param lsn the LSN; not below the oldest
     * @param view the view of the reader
     */
    public LogPoint atOrBelow(long lsn, View view) {
        var newest = window.anchor();
        if (newest == null || committedTail() <= lsn) {
            return nearTail();
        }
        var found = Futures.joined(new LsnSearch(scanner, index, oldest, KnownLsn.of(newest)).atOrBelow(lsn));
        // The originals of later LSNs are below this copy, and its owner may have died before it copied them too. So
        // a reader of the live view starts below the copy.
        return found.copy() && view == View.LIVE ? below(found.offset()) : found.point();
    }
}
