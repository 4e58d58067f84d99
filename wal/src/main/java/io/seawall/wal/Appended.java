package io.seawall.wal;

/**
 * The acknowledgement of a batch: it is on every in-sync replica.
 *
 * @param term the term of the owner that wrote it
 * @param first the LSN of the batch's first record
 * @param last the LSN of its last one, inclusive
 * @param repeated whether the batch was there already, so that this append wrote nothing: its writer session had sent it before
 */
public record Appended(long term, long first, long last, boolean repeated) {
    /**
     * A batch that this append wrote.
     *
     * @param term the term of the owner that wrote it
     * @param first the LSN of the batch's first record
     * @param last the LSN of its last one, inclusive
     */
    public Appended(long term, long first, long last) {
        this(term, first, last, false);
    }

    /** The LSN after the batch. */
    public long tail() {
        return last + 1;
    }
}
