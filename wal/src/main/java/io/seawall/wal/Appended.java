package io.seawall.wal;

/**
 * The acknowledgement of a batch: it is on every in-sync replica.
 *
 * @param term the term of the owner that wrote it
 * @param first the LSN of the batch's first record
 * @param last the LSN of its last one, inclusive
 */
public record Appended(long term, long first, long last) {
    /** The LSN after the batch. */
    public long tail() {
        return last + 1;
    }
}
