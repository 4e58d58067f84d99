package io.seawall.wal;

import java.time.Instant;

/** Where a reader starts. */
public sealed interface StartPosition {
    /** Returns the position of the oldest record that is still there. */
    static StartPosition oldest() {
        return new Oldest();
    }

    /** Returns the position after the last record, as of opening. */
    static StartPosition tail() {
        return new Tail();
    }

    /**
     * Returns the position of an LSN; see {@link AtLsn}.
     *
     * @param lsn 0 or more, inclusive
     * @return the position
     * @throws RequestException with {@link ErrorCode#INVALID} for an LSN below 0
     */
    static StartPosition atLsn(long lsn) {
        return new AtLsn(lsn);
    }

    /**
     * Returns the position of the first record whose timestamp is at or after a moment; see {@link AtTime}.
     *
     * @param time the moment
     * @return the position
     */
    static StartPosition atTime(Instant time) {
        return new AtTime(time);
    }

    /** At the oldest record that is still there. */
    record Oldest() implements StartPosition {}

    /** At the tail as of opening, so that the first record read is the next one written. */
    record Tail() implements StartPosition {}

    /**
     * At an LSN, inclusive.
     *
     * @param lsn 0 or more, at most the tail of the live view: a reader of the committed view waits until it is committed
     */
    record AtLsn(long lsn) implements StartPosition {
        /**
         * Checks the number.
         *
         * @throws RequestException with {@link ErrorCode#INVALID} if it is below 0
         */
        public AtLsn {
            if (lsn < 0) {
                throw Problem.of(ErrorCode.INVALID, "start reading")
                        .found("LSN " + lsn)
                        .expected("an LSN of 0 or more")
                        .exception();
            }
        }
    }

    /**
     * At the first record whose timestamp is at or after a moment, or at the tail if there is none yet. Timestamps come from
     * the owners' clocks and never decrease within a log.
     *
     * @param time the moment
     */
    record AtTime(Instant time) implements StartPosition {
        /**
         * Returns the moment in milliseconds since the epoch, rounded up because timestamps are whole milliseconds; never below
         * 0.
         */
        public long epochMs() {
            if (time.isBefore(Instant.EPOCH)) {
                return 0;
            }
            try {
                var floor = time.toEpochMilli();
                return Instant.ofEpochMilli(floor).isBefore(time) ? floor + 1 : floor;
            } catch (ArithmeticException farFuture) {
                return Long.MAX_VALUE;
            }
        }
    }
}
