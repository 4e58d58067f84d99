package io.seawall.walkafka.internal.format;

import java.util.Comparator;

/**
 * The stamp of a record's writer: the term, and in it the epoch, which the owner raises each time it takes its log back.
 *
 * @param term 0 or more; -1 in {@link #NONE}, -2 in {@link #UNCLAIMED}
 * @param epoch 0 or more; -1 in both of these
 */
public record Stamp(long term, long epoch) implements Comparable<Stamp> {
    /** A stamp below every stamp that a record can carry. */
    public static final Stamp NONE = new Stamp(-1, -1);

    /** A stamp below {@link #NONE}, for the start of a log before its first claim. */
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
