package io.seawall.walkafka;

import io.seawall.walkafka.WalHeader.Data;
import io.seawall.walkafka.WalHeader.Snapshot;

/**
 * Decides, record by record, what belongs to the log (docs/protocol.md#live-rule). One pure function, shared by readers and by
 * recovery, for both views: which records the caller feeds it is the only difference.
 */
final class LiveRule {
    private LiveRule() {}

    /** What to do with the record that was fed. */
    enum Action {
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
     * @param next the next LSN
     * @param buffered how many members of an incomplete batch are buffered; they have the LSNs from {@code next} on
     * @param more what the next member's count of followers must be, if {@code buffered} is above 0
     * @param hole whether a record of the highest stamp is missing at {@code next}
     * @param fresh whether no data or snapshot of the highest stamp was seen yet
     */
    record Position(Stamp highest, long next, int buffered, int more, boolean hole, boolean fresh) {
        /**
         * The first offset of a log that was never trimmed. An owner claims the log before it writes, and fences all others before
         * that. So no owner of this log wrote a record that stands before the first claim: where a topic was deleted and created
         * again, the owner of the former log may have written it.
         */
        static final Position BEGINNING = after(Stamp.UNCLAIMED, 0);

        /** Behind everything below an LSN, which a stamp had written. */
        static Position after(Stamp highest, long next) {
            return new Position(highest, next, 0, 0, false, false);
        }

        private Position claimed() {
            return highest.equals(Stamp.UNCLAIMED) ? after(Stamp.NONE, next) : this;
        }

        private Position raised(Stamp stamp) {
            return new Position(stamp, next, 0, 0, false, true);
        }

        private Position at(long newNext) {
            return new Position(highest, newNext, 0, 0, false, false);
        }

        private Position buffering(int moreAfter) {
            return new Position(highest, next, buffered + 1, moreAfter, false, false);
        }

        private Position broken() {
            return new Position(highest, next, 0, 0, true, false);
        }

        private Position seen() {
            return new Position(highest, next, buffered, more, hole, false);
        }
    }

    /**
     * The answer.
     *
     * @param position where the reader is afterwards
     * @param action what to do with the record; whatever was buffered and is neither delivered nor counted in
     *     {@code position.buffered} any more is discarded
     */
    record Step(Position position, Action action) {}

    /** Feeds one record; foreign ones are not fed. */
    static Step next(Position before, WalHeader header) {
        if (header.kind() == WalHeader.Kind.CLAIM) {
            return new Step(before.claimed(), Action.PASS);
        }
        if (before.highest().equals(Stamp.UNCLAIMED) || header.stamp().isBelow(before.highest())) {
            return new Step(before, Action.VOID);
        }
        var position = header.stamp().isAbove(before.highest()) ? before.raised(header.stamp()) : before;
        return switch (header.kind()) {
            case LEASE, CLAIM -> new Step(position, Action.PASS);
            case SNAPSHOT -> snapshot(position, (Snapshot) header);
            case DATA -> data(position, (Data) header);
        };
    }

    private static Step snapshot(Position position, Snapshot snapshot) {
        if (position.hole()) {
            return new Step(position, Action.HOLD);
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
        return new Step(position.seen(), fits ? Action.PASS : Action.LOST_BEFORE);
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
        if (position.buffered() > 0) {
            return new Step(position, Action.BROKEN_BATCH);
        }
        return new Step(position.seen(), data.copy() ? Action.COPY : Action.LOST_AND_REUSED);
    }
}
