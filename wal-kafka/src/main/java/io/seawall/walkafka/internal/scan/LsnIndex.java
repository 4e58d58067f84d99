package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.WalHeader;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the positions of some committed data records of one log, as earlier searches found them. Committed records never
 * move, so an entry stays valid until the record is deleted. Bounded. Thread-safe.
 */
public final class LsnIndex {
    private static final int MOST_ENTRIES = 128;

    private final NavigableMap<Long, KnownLsn> known = new TreeMap<>(); // guarded by this; by LSN
    private long start = -1; // guarded by this; the log's first offset when its oldest LSN was found
    private long oldest; // guarded by this; the highest that was found, since the oldest LSN only rises

    /** Remembers a committed data record. Ignores snapshots and copies. */
    synchronized void add(LogEntry entry) {
        if (!(entry.header() instanceof WalHeader.Data) || entry.isCopy()) {
            return;
        }
        known.put(entry.lsn(), KnownLsn.of(entry));
        if (known.size() > MOST_ENTRIES) {
            known.remove(leastUseful());
        }
    }

    /** Returns the LSN of the entry whose neighbours are closest to each other. Without it the index still covers the log best. */
    private long leastUseful() {
        var all = List.copyOf(known.values());
        var least = 1;
        for (var at = 2; at < all.size() - 1; at++) {
            if (gapAround(all, at) < gapAround(all, least)) {
                least = at;
            }
        }
        return all.get(least).lsn();
    }

    private static long gapAround(List<KnownLsn> all, int at) {
        return all.get(at + 1).offset() - all.get(at - 1).offset();
    }

    /** Notes the oldest LSN that a search found while the log started at this offset. */
    public synchronized void beginsWith(long offset, long lsn) {
        start = Math.max(start, offset);
        oldest = Math.max(oldest, lsn);
    }

    /** Returns whether a search found the oldest LSN while the log started at this offset or a later one. */
    synchronized boolean knowsStart(long offset) {
        return start >= offset;
    }

    /** Returns the oldest LSN as the last search of this process found it; 0 before the first search. */
    public synchronized long oldest() {
        return oldest;
    }

    /** Forgets the records below an offset, which were trimmed. */
    synchronized void dropBelow(long offset) {
        known.values().removeIf(each -> each.offset() < offset);
    }

    /** Returns the nearest entry at or below an LSN, or null. */
    synchronized @Nullable KnownLsn atOrBelow(long lsn) {
        return valueOf(known.floorEntry(lsn));
    }

    /** Returns the nearest entry above an LSN, or null. */
    synchronized @Nullable KnownLsn above(long lsn) {
        return valueOf(known.higherEntry(lsn));
    }

    synchronized int size() {
        return known.size();
    }

    private static @Nullable KnownLsn valueOf(Map.@Nullable Entry<Long, KnownLsn> entry) {
        return entry == null ? null : entry.getValue();
    }
}
