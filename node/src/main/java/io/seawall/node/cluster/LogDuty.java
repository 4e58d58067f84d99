package io.seawall.node.cluster;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import java.util.OptionalLong;

/**
 * What this process was told about one log, and what it has reported, as a value. Terms and conditions only go forward, so late,
 * repeated and reordered news changes nothing, and no report replaces a later one (decision 70).
 *
 * @param term the highest term that this process was told to open or to close, -1 for none
 * @param open whether it was told to keep the log open at that term
 * @param reportedTerm the term of the last report, -1 for none
 * @param reported what was reported about it; without a meaning if there was no report
 * @param openedNanos when the log was found open at {@code reportedTerm}, by a monotonic clock; empty if it was not
 */
record LogDuty(long term, boolean open, long reportedTerm, Condition reported, OptionalLong openedNanos) {
    /** A log of which this process was told nothing. */
    static final LogDuty NONE = new LogDuty(-1, false, -1, Condition.OPENING, OptionalLong.empty());

    /** What to do about a log. */
    enum Order {
        /** Nothing. */
        NOTHING,
        /** To open the log at {@link LogDuty#term}. */
        OPEN,
        /** To close the log at {@link LogDuty#term} and below, and then to report that it is released. */
        CLOSE
    }

    /**
     * What follows from news.
     *
     * @param next the next value
     * @param order what to do
     */
    record Step(LogDuty next, Order order) {}

    /**
     * The log's assignment was read, maybe again.
     *
     * @param assignment the assignment
     * @param self this process
     * @return what to do; an order to open is given once for each term
     */
    Step onAssignment(Assignment assignment, Owner self) {
        var wanted = assignment.termFor(self);
        if (wanted.isPresent()) {
            return wanted.getAsLong() > term ? order(wanted.getAsLong(), true) : same();
        }
        // A release of this process waits for its report, even if the order to open was never seen.
        var released = assignment.phase() == Phase.RELEASING
                && assignment.process().filter(self::equals).isPresent();
        if (released && assignment.term() > term) {
            return order(assignment.term(), false);
        }
        return open && assignment.term() >= term ? order(term, false) : same();
    }

    private Step order(long nextTerm, boolean toOpen) {
        var next = new LogDuty(nextTerm, toOpen, reportedTerm, reported, openedNanos);
        return new Step(next, toOpen ? Order.OPEN : Order.CLOSE);
    }

    private Step same() {
        return new Step(this, Order.NOTHING);
    }

    /** Returns whether a report is later than the last one: of a higher term, or of a later condition of the same one. */
    boolean isNews(long aboutTerm, Condition condition) {
        return aboutTerm > reportedTerm || (aboutTerm == reportedTerm && rank(condition) > rank(reported));
    }

    /** A term ends once: whether it failed or was released, the first report counts. */
    private static int rank(Condition condition) {
        return switch (condition) {
            case OPENING -> 0;
            case AVAILABLE -> 1;
            case RELEASED, FAILED -> 2;
        };
    }

    /** Returns this duty after a report. */
    LogDuty reported(long aboutTerm, Condition condition, long nowNanos) {
        var opened = condition == Condition.AVAILABLE
                ? OptionalLong.of(nowNanos)
                : aboutTerm == reportedTerm ? openedNanos : OptionalLong.empty();
        return new LogDuty(term, open, aboutTerm, condition, opened);
    }

    /** Returns for how long a term was open that ends now, in milliseconds; 0 if it never was. */
    long servedMs(long aboutTerm, long nowNanos) {
        return aboutTerm == reportedTerm && openedNanos.isPresent()
                ? Math.max(0, (nowNanos - openedNanos.getAsLong()) / 1_000_000)
                : 0;
    }
}
