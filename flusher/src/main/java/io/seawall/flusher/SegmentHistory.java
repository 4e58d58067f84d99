package io.seawall.flusher;

import io.seawall.flusher.FlusherSettings.Retention;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The newest segments of a log, as far as their records may still be in Kafka: enough to know which LSN an age or a number of bytes
 * stands for without looking into Kafka. Bounded: neighbours are joined when there are many, which makes what is kept a little
 * more. Used by one thread at a time.
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
     * @param segments how many they are
     */
    private record Entry(long firstLsn, SegmentInfo last, long bytes, int segments) {
        static Entry of(SegmentInfo segment) {
            return new Entry(segment.firstLsn(), segment, segment.recordBytes(), 1);
        }

        Entry joined(Entry next) {
            return new Entry(firstLsn, next.last, bytes + next.bytes, segments + next.segments);
        }
    }

    /** Adds the segment behind the last one; one that is not behind it makes a new beginning. */
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

    /** The two neighbours that are smallest together, so that all stay about equally large. */
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

    /** Forgets what is not in the log any more. */
    void forgetBelow(long lsn) {
        entries.removeIf(entry -> entry.last().nextLsn() <= lsn);
    }

    void clear() {
        entries.clear();
    }

    int size() {
        return entries.size();
    }

    /** The LSN below which nothing need stay in the log: where the newest segment ends of those that are too many or too old. */
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

    /** When something becomes too old, in milliseconds by the flusher's clock; Long.MAX_VALUE if nothing will. */
    long nextTooOldMs(Retention keep) {
        return keep.age().isNegative() || entries.isEmpty()
                ? Long.MAX_VALUE
                : entries.get(0).last().timestampsMs().max() + keep.age().toMillis();
    }

    /** How many bytes of records are known to lie between two LSNs, about. */
    long bytesBetween(long from, long to) {
        return entries.stream()
                .filter(entry -> entry.last().nextLsn() > from && entry.last().nextLsn() <= to)
                .mapToLong(Entry::bytes)
                .sum();
    }

    /** The first LSN of a segment that holds an LSN or begins before it; empty if that is further back than this reaches. */
    OptionalLong startAtOrBelow(long lsn) {
        return entries.isEmpty() || entries.get(0).firstLsn() > lsn
                ? OptionalLong.empty()
                : entries.stream()
                        .mapToLong(Entry::firstLsn)
                        .filter(first -> first <= lsn)
                        .max();
    }

    /** What was known of the segment of that name when it was published; empty if it is not known any more. */
    Optional<SegmentInfo> known(SegmentKey key) {
        return entries.stream()
                .map(Entry::last)
                .filter(info -> info.key().equals(key))
                .findFirst();
    }
}
