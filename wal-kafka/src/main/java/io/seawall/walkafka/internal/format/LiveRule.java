package io.seawall.walkafka.internal.format;

import io.seawall.walkafka.internal.format.WalHeader.Data;
import io.seawall.walkafka.internal.format.WalHeader.Snapshot;

/**
 * Decides, record by record, which records belong to the log (docs/protocol.md#live-rule). One pure function for readers and
 * openings, and for both views: the views differ only in the records that the caller feeds.
 */
public final class LiveRule {
    private LiveRule() {}

    /** What the caller has to do with the record that it fed. */
    public enum Action {
        /** A claim, a lease, or a snapshot with the right number: do nothing. */
        PASS,
        /** The next record: deliver the buffered records, then this one. */
        DELIVER,
        /** The next member of an incomplete batch: buffer it. */
        BUFFER,
        /** A later owner's copy of a record that was delivered before: skip it. */
        COPY,
        /** A record of an owner that had already lost the log, or of an earlier topic with the same name: skip and count it. */
        VOID,
        /** A record of a stamp that was never claimed, so that no owner wrote it: skip and count it. */
        FOREIGN,
        /**
         * A record whose stamp wrote a higher number before. The numbers of a stamp only grow, so another program wrote one of the
         * two records; the headers alone do not show which.
         */
        FORGED,
        /** A record behind a missing one, probably because its lane broke there: skip it, but it is a loss if it is committed. */
        HOLD,
        /** A record whose number was used before for another record: a loss. */
        LOST_AND_REUSED,
        /** The first record of a new owner, or a snapshot, that leaves out numbers: a loss. */
        LOST_BEFORE,
        /** A batch that ends without its last member and without a new owner, or whose members do not count down: a loss. */
        BROKEN_BATCH
    }

    /**
     * The state of the rule between two records.
     *
     * @param highest the highest stamp seen on data, lease or snapshot records; {@link Stamp#UNCLAIMED} before the first claim
     * @param claimed the highest stamp seen on claims since the caller began
     * @param next the next LSN
     * @param buffered how many members of an incomplete batch are buffered; they have the LSNs from {@code next} on
     * @param more how many members must follow the next one, if {@code buffered} is above 0
     * @param hole whether a record of the highest stamp is missing at {@code next}
     * @param given the number after the highest one that the highest stamp itself wrote; -1 if it has written no data or snapshot
     */
    public record Position(Stamp highest, Stamp claimed, long next, int buffered, int more, boolean hole, long given) {
        /**
         * The state at offset 0, before the first claim. An owner fences all others, then claims the log, then writes. So no owner of
         * this log wrote a record before the first claim; the owner of an earlier topic with the same name may have.
         */
        public static final Position BEGINNING = after(Stamp.UNCLAIMED, 0);

        /** Returns the state after all records below an LSN, the last of which has the given stamp. */
        public static Position after(Stamp highest, long next) {
            return new Position(highest, Stamp.NONE, next, 0, 0, false, next);
        }

        private boolean fresh() {
            return given < 0;
        }

        private Position claimedBy(Stamp stamp) {
            return stamp.isAbove(claimed) ? new Position(highest, stamp, next, buffered, more, hole, given) : this;
        }

        private Position begun() {
            return highest.equals(Stamp.UNCLAIMED) ? after(Stamp.NONE, next) : this;
        }

        private Position raised(Stamp stamp) {
            return new Position(stamp, claimed, next, 0, 0, false, -1);
        }

        private Position at(long newNext) {
            return new Position(highest, claimed, newNext, 0, 0, false, newNext);
        }

        private Position buffering(int moreAfter) {
            var members = buffered + 1;
            return new Position(highest, claimed, next, members, moreAfter, false, next + members);
        }

        private Position broken() {
            return new Position(highest, claimed, next, 0, 0, true, given);
        }

        private Position withoutHole() {
            return new Position(highest, claimed, next, 0, 0, false, given);
        }

        private Position seen(long number) {
            return new Position(highest, claimed, next, buffered, more, hole, Math.max(given, number));
        }
    }

    /**
     * The result of feeding a record.
     *
     * @param position the state after the record
     * @param action what to do with the record; the caller also discards buffered records that it does not deliver and that
     *     {@code position.buffered} does not count any more
     */
    public record Step(Position position, Action action) {}

    /** Feeds one record. Records without a valid header are not fed. */
    public static Step next(Position before, WalHeader header) {
        if (header.kind() == WalHeader.Kind.CLAIM) {
            return new Step(before.begun().claimedBy(header.stamp()), Action.PASS);
        }
        if (before.highest().equals(Stamp.UNCLAIMED) || header.stamp().isBelow(before.highest())) {
            return new Step(before, Action.VOID);
        }
        var rises = header.stamp().isAbove(before.highest());
        if (rises && isUnclaimed(before, header)) {
            return new Step(before, Action.FOREIGN);
        }
        var position = rises ? before.raised(header.stamp()) : before;
        return switch (header.kind()) {
            case LEASE, CLAIM -> new Step(position, Action.PASS);
            case SNAPSHOT -> snapshot(position, (Snapshot) header);
            case DATA -> data(position, (Data) header);
        };
    }

    /**
     * Returns whether no owner can have written a record of a new stamp, because its claim was not seen. Every owner commits a claim
     * before its other records, and no lower stamp writes behind that claim. So the claim of the second of two stamps is between
     * their records. Snapshots are accepted without a claim, since an operator can force a tail with one.
     */
    private static boolean isUnclaimed(Position position, WalHeader header) {
        return !position.highest().equals(Stamp.NONE)
                && position.claimed().isBelow(header.stamp())
                && header.kind() != WalHeader.Kind.SNAPSHOT;
    }

    /**
     * Returns the state to continue from if forged records of a stamp may be skipped. A record of that stamp with the next number
     * shows that the higher number before it was forged, so the hole in front of that one does not exist.
     */
    public static Position passing(Position before, WalHeader header) {
        var fits = before.hole()
                && header.stamp().equals(before.highest())
                && ((header instanceof Snapshot snapshot && snapshot.lsn() == before.next())
                        || (header instanceof Data data && data.lsn() == before.next() && !data.copy()));
        return fits ? before.withoutHole() : before;
    }

    private static Step snapshot(Position position, Snapshot snapshot) {
        if (position.hole()) {
            return new Step(position, Action.HOLD);
        }
        if (snapshot.lsn() < position.given()) {
            return new Step(position, Action.FORGED);
        }
        var missing = position.buffered() > 0 ? position.buffered() + position.more() + 1 : 1;
        if (snapshot.lsn() >= position.next() + missing && !position.fresh()) {
            // The broker refused a record and accepted the snapshot behind it, before the owner got either answer.
            return new Step(position.broken(), Action.HOLD);
        }
        if (position.buffered() > 0) {
            return new Step(position, Action.BROKEN_BATCH);
        }
        var fits = snapshot.lsn() == position.next();
        return new Step(position.seen(snapshot.lsn()), fits ? Action.PASS : Action.LOST_BEFORE);
    }

    private static Step data(Position position, Data data) {
        if (position.hole()) {
            return new Step(position, Action.HOLD);
        }
        var expected = position.next() + position.buffered();
        if (data.lsn() == expected) {
            return expected(position, data);
        }
        if (data.lsn() < expected) {
            return below(position, data);
        }
        return position.fresh() ? new Step(position, Action.LOST_BEFORE) : new Step(position.broken(), Action.HOLD);
    }

    private static Step expected(Position position, Data data) {
        if (position.buffered() > 0 && data.more() != position.more()) {
            return new Step(position, Action.BROKEN_BATCH);
        }
        return data.more() == 0
                ? new Step(position.at(data.lsn() + 1), Action.DELIVER)
                : new Step(position.buffering(data.more() - 1), Action.BUFFER);
    }

    private static Step below(Position position, Data data) {
        if (data.lsn() < position.given() && !data.copy()) {
            return new Step(position, Action.FORGED);
        }
        if (position.buffered() > 0) {
            return new Step(position, Action.BROKEN_BATCH);
        }
        return new Step(position.seen(data.lsn() + 1), data.copy() ? Action.COPY : Action.LOST_AND_REUSED);
    }
}
