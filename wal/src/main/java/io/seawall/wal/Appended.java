package io.seawall.wal;

/**
 * The acknowledgement of a batch: every in-sync replica has it.
 *
 * @param term the term of the owner that wrote it
 * @param first the LSN of the batch's first record
 * @param last the LSN of its last record, inclusive
 * @param repeated whether the log had the batch already, from an earlier send of its writer session, so that this append wrote
 *     nothing
 */
public record Appended(long term, long first, long last, boolean repeated) {
    /**
     * Acknowledges a batch that this append wrote.
     *
     * @param term the term of the owner that wrote it
     * @param first the LSN of the batch's first record
     * @param last the LSN of its last record, inclusive
     */
    public Appended(long term, long first, long last) {
        this(term, first, last, false);
    }

    /** Returns the LSN after the batch. */
    public long tail() {
        return last + 1;
    }
}
