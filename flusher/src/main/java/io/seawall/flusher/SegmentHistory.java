package io.seawall.flusher;

import io.seawall.flusher.FlusherSettings.Retention;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The newest segments of a log whose records may still be in Kafka. They translate an age or a number of bytes into an LSN
 * without reading Kafka. Bounded: neighbours are merged when there are many, so that a little more is kept. Used by one thread
 * at a time.
 */
final class SegmentHistory {
    private static final int MOST = 256;

    private final List<Entry> entries = new ArrayList<>(); // oldest first, each begins where the one before it ends

    /**
     * One segment, or several that follow each other.
     *
     * @param firstLsn the first LSN of all
     * @param last the last segment
     * @param bytes the records' bytes of all
     * @param segments the number of segments
     */
    private record Entry(long firstLsn, SegmentInfo last, long bytes, int segments) {
        static Entry of(SegmentInfo segment) {
            return new Entry(segment.firstLsn(), segment, segment.recordBytes(), 1);
        }

        Entry joined(Entry next) {
            return new Entry(firstLsn, next.last, bytes + next.bytes, segments + next.segments);
        }
    }

    /** Adds a segment. If it does not follow the last one, the history before it is dropped. */
    void add(SegmentInfo segment) {
        if (!entries.isEmpty() && newest().last().nextLsn() != segment.firstLsn()) {
            entries.clear();
        }
        entries.add(Entry.of(segment));
        joinIfMany();
    }

    /**
     * Adds the segment before the first one.
     *
     * @return false if it does not end where the first one begins
     */
    boolean addOlder(SegmentInfo segment) {
        if (entries.isEmpty() || entries.get(0).firstLsn() != segment.nextLsn()) {
            return false;
        }
        entries.add(0, Entry.of(segment));
        joinIfMany();
        return true;
    }

    private Entry newest() {
        return entries.get(entries.size() - 1);
    }

    /** Merges the two neighbours that are smallest together, so that all stay about equally large. */
    private void joinIfMany() {
        if (entries.size() <= MOST) {
            return;
        }
        var at = 0;
        for (var i = 1; i + 1 < entries.size(); i++) {
            if (bytesOfPair(i) < bytesOfPair(at)) {
                at = i;
            }
        }
        entries.set(at, entries.get(at).joined(entries.remove(at + 1)));
    }

    private long bytesOfPair(int at) {
        return entries.get(at).bytes() + entries.get(at + 1).bytes();
    }

    /** Forgets segments whose records are no longer in the log. */
    void forgetBelow(long lsn) {
        entries.removeIf(entry -> entry.last().nextLsn() <= lsn);
    }

    void clear() {
        entries.clear();
    }

    int size() {
        return entries.size();
    }

    /**
     * Returns the LSN below which records may be deleted: the end of the newest segment that exceeds the size or the age.
     */
    OptionalLong cut(Retention keep, long nowMs) {
        var newerBytes = 0L;
        for (var at = entries.size() - 1; at >= 0; at--) {
            var entry = entries.get(at);
            var isTooMany = keep.bytes() >= 0 && newerBytes >= keep.bytes();
            if (isTooMany || isTooOld(entry, keep, nowMs)) {
                return OptionalLong.of(entry.last().nextLsn());
            }
            newerBytes += entry.bytes();
        }
        return OptionalLong.empty();
    }

    private static boolean isTooOld(Entry entry, Retention keep, long nowMs) {
        return !keep.age().isNegative()
                && entry.last().timestampsMs().max() <= nowMs - keep.age().toMillis();
    }

    /**
     * Returns when the next segment becomes too old, in milliseconds since the epoch; Long.MAX_VALUE if none will.
     */
    long nextTooOldMs(Retention keep) {
        return keep.age().isNegative() || entries.isEmpty()
                ? Long.MAX_VALUE
                : entries.get(0).last().timestampsMs().max() + keep.age().toMillis();
    }

    /** Estimates the bytes of records between two LSNs. */
    long bytesBetween(long from, long to) {
        return entries.stream()
                .filter(entry -> entry.last().nextLsn() > from && entry.last().nextLsn() <= to)
                .mapToLong(Entry::bytes)
                .sum();
    }

    /**
     * Returns the first LSN of a segment that holds an LSN or begins before it; empty if the history does not reach that far
     * back.
     */
    OptionalLong startAtOrBelow(long lsn) {
        return entries.isEmpty() || entries.get(0).firstLsn() > lsn
                ? OptionalLong.empty()
                : entries.stream()
                        .mapToLong(Entry::firstLsn)
                        .filter(first -> first <= lsn)
                        .max();
    }

    /** Returns what was published under that name; empty if it is no longer known. */
    Optional<SegmentInfo> known(SegmentKey key) {
        return entries.stream()
                .map(Entry::last)
                .filter(info -> info.key().equals(key))
                .findFirst();
    }
}
