package io.seawall.client.log;

import java.time.Instant;

/** Where a reader starts. */
public sealed interface StartPosition {
    /** Returns the position of the oldest record that is still there. */
    static StartPosition oldest() {
        return new Oldest();
    }

    /**
     * Returns the position after the last record. The node's first answer fixes it ({@link LogReader#start}); records that are
     * appended before that are not read.
     */
    static StartPosition tail() {
        return new Tail();
    }

    /**
     * Returns the position of an LSN, inclusive.
     *
     * @param lsn 0 or more, at most the log's tail
     * @throws SeawallException with {@link Codes#INVALID} for an LSN below 0
     */
    static StartPosition lsn(long lsn) {
        return new AtLsn(lsn);
    }

    /** Returns the position of the first record whose timestamp is at or after a moment, or the tail if there is none. */
    static StartPosition time(Instant time) {
        return new AtTime(time);
    }

    /** At the oldest record. */
    record Oldest() implements StartPosition {}

    /** Behind the last record. */
    record Tail() implements StartPosition {}

    /**
     * At an LSN.
     *
     * @param lsn the first LSN to read, 0 or more
     */
    record AtLsn(long lsn) implements StartPosition {
        /** Checks the number. */
        public AtLsn {
            if (lsn < 0) {
                throw SeawallException.of(
                                Codes.INVALID, "cannot start reading: found LSN " + lsn + ", expected 0 or more")
                        .build();
            }
        }
    }

    /**
     * At a moment.
     *
     * @param time the moment, by the clocks of the owners
     */
    record AtTime(Instant time) implements StartPosition {}
}
