package io.seawall.walkafka.internal.format;

import io.seawall.walkafka.internal.format.WalHeader.Data;
import io.seawall.walkafka.internal.format.WalHeader.Snapshot;

/**
 * Decides, record by record, what belongs to the log (docs/protocol.md#live-rule). One pure function, shared by readers and by
 * recovery, for both views: which records the caller feeds it is the only difference.
 */
public final class LiveRule {
    private LiveRule() {}

    /** What to do with the record that was fed. */
    public enum Action {
        /** Nothing: a claim, a lease, or a snapshot that fits. */
        PASS,
        /** It is the next record: deliver what is buffered, then it. */
        DELIVER,
        /** It is the next member of a batch that is not complete yet: buffer it. */
        BUFFER,
        /** It was delivered before and is a later owner's copy: skip it. */
        COPY,
        /** Its owner had lost the log already, or it is of the log that had the topic's name before: skip and count it. */
        VOID,
        /** Its stamp was never claimed, so no owner wrote it: skip and count it. */
        FOREIGN,
        /**
         * Its stamp wrote a higher number before. Within a stamp numbers only grow, so another program wrote one of the two, and
         * the record alone does not tell which.
         */
        FORGED,
        /** A record before it is missing, as its lane broke there: skip it unless it turns out to be committed. */
        HOLD,
        /** Its number was used before for another record. */
        LOST_AND_REUSED,
        /** The first record of a new owner, or a snapshot, leaves numbers out. */
        LOST_BEFORE,
        /** A batch breaks off without a new owner, or its members do not count down. */
        BROKEN_BATCH
    }

    /**
     * Where in the log a reader is.
     *
     * @param highest the highest stamp seen on data, lease or snapshot records; {@link Stamp#UNCLAIMED} before the first claim
     * @param claimed the highest stamp seen on claims since the reader began
     * @param next the next LSN
     * @param buffered how many members of an incomplete batch are buffered; they have the LSNs from {@code next} on
     * @param more what the next member's count of followers must be, if {@code buffered} is above 0
     * @param hole whether a record of the highest stamp is missing at {@code next}
     * @param given the number behind the highest one that the highest stamp itself wrote; -1 if no data or snapshot of it was
     *     seen yet
     */
    public record Position(Stamp highest, Stamp claimed, long next, int buffered, int more, boolean hole, long given) {
        /**
         * The first offset of a log that was never trimmed. An owner claims the log before it writes, and fences all others before
         * that. So no owner of this log wrote a record that stands before the first claim: where a topic was deleted and created
         * again, the owner of the former log may have written it.
         */
        public static final Position BEGINNING = after(Stamp.UNCLAIMED, 0);

        /** Behind everything below an LSN, which a stamp had written. */
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
     * The answer.
     *
     * @param position where the reader is afterwards
     * @param action what to do with the record; whatever was buffered and is neither delivered nor counted in
     *     {@code position.buffered} any more is discarded
     */
    public record Step(Position position, Action action) {}

    /** Feeds one record; foreign ones are not fed. */
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
     * Every owner commits a claim before its first other record, and no lower stamp writes behind that claim. So between the records
     * of two stamps stands the claim of the second one. A snapshot without a claim is how an operator forces a tail.
     */
    private static boolean isUnclaimed(Position position, WalHeader header) {
        return !position.highest().equals(Stamp.NONE)
                && position.claimed().isBelow(header.stamp())
                && header.kind() != WalHeader.Kind.SNAPSHOT;
    }

    /**
     * Where to go on for one who knows that records of another program stand in the stretch: a record of the same stamp that fits
     * behind a higher number shows that the higher one was not its owner's.
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
            // The broker refused a record for good and took the snapshot behind it, before its owner heard of either.
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
