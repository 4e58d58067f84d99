package io.seawall.client.log;

/**
 * The answer to an append: every in-sync replica has the records.
 *
 * @param term the term of the owner that wrote them
 * @param first the LSN of the first record
 * @param last the LSN of the last record, inclusive
 * @param repeated whether the log had the records already when they were sent last, since an earlier answer was lost
 */
public record Ack(long term, long first, long last, boolean repeated) {
    /** Returns the LSN of an append of one record. */
    public long lsn() {
        return first;
    }
}
