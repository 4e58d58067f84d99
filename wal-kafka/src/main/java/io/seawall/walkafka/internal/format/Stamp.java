package io.seawall.walkafka.internal.format;

import java.util.Comparator;

/**
 * Who wrote a record: the term, and inside it the owner's own counter of re-openings.
 *
 * @param term 0 or more; -1 in {@link #NONE}, -2 in {@link #UNCLAIMED}
 * @param epoch 0 or more; -1 in both of these
 */
public record Stamp(long term, long epoch) implements Comparable<Stamp> {
    /** Below every stamp that a record can carry. */
    public static final Stamp NONE = new Stamp(-1, -1);

    /** Below {@link #NONE}: that of a log's beginning, before its first claim. */
    static final Stamp UNCLAIMED = new Stamp(-2, -1);

    private static final Comparator<Stamp> ORDER =
            Comparator.comparingLong(Stamp::term).thenComparingLong(Stamp::epoch);

    public boolean isBelow(Stamp other) {
        return compareTo(other) < 0;
    }

    public boolean isAbove(Stamp other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Stamp other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return term + "." + epoch;
    }
}
