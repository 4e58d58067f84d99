package io.seawall.walkafka;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where some committed data records of one log are, as earlier searches found them. Committed records never move, so an entry is
 * right until the record is deleted. Bounded; may be used from any thread.
 */
final class LsnIndex {
    private static final int MOST_ENTRIES = 128;

    private final NavigableMap<Long, KnownLsn> known = new TreeMap<>(); // guarded by this; by LSN
    private long start = -1; // guarded by this; the log's first offset when its oldest LSN was found
    private long oldest; // guarded by this; the highest that anybody found, as it only rises

    /** Remembers a committed data record; snapshots and copies are left out. */
    synchronized void add(LogEntry entry) {
        if (!(entry.header() instanceof WalHeader.Data) || entry.isCopy()) {
            return;
        }
        known.put(entry.lsn(), KnownLsn.of(entry));
        if (known.size() > MOST_ENTRIES) {
            known.remove(leastTelling());
        }
    }

    /** The entry between the two neighbours that are closest to each other: without it the rest still covers the whole log. */
    private long leastTelling() {
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

    /** Notes what somebody found to be the oldest LSN, in a log that begins at this offset. */
    synchronized void beginsWith(long offset, long lsn) {
        start = Math.max(start, offset);
        oldest = Math.max(oldest, lsn);
    }

    /** Whether the oldest LSN is known of a log that begins at this offset. */
    synchronized boolean knowsStart(long offset) {
        return start >= offset;
    }

    /** The oldest LSN, as the last reader in this process found it; 0 if there was none. */
    synchronized long oldest() {
        return oldest;
    }

    /** Forgets what was trimmed. */
    synchronized void dropBelow(long offset) {
        known.values().removeIf(each -> each.offset() < offset);
    }

    /** The nearest entry that is not above an LSN. */
    synchronized @Nullable KnownLsn atOrBelow(long lsn) {
        return valueOf(known.floorEntry(lsn));
    }

    /** The nearest entry above an LSN. */
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
