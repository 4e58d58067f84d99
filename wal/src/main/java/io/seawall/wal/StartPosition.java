package io.seawall.wal;

/** Where a reader starts. */
public sealed interface StartPosition {
    /** At the oldest record that is still there. */
    record Oldest() implements StartPosition {}

    /** At the next record to be written, as of the moment of opening. */
    record Tail() implements StartPosition {}

    /**
     * At an LSN, inclusive.
     *
     * @param lsn 0 or more; not above the tail
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
}
