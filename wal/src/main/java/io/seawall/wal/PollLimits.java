package io.seawall.wal;

/**
 * How much one {@link WalReader#poll} may return. Both limits cut batches: the next poll continues with the rest. A first record
 * above {@code maxBytes} is returned nevertheless, alone, so that a reader always makes progress.
 *
 * @param maxRecords the most records, 1 or more
 * @param maxBytes the most bytes of records, 1 or more, as {@link WalRecord#sizeBytes} counts them. It limits what a poll
 *     returns, not what the reader fetches ahead
 */
public record PollLimits(int maxRecords, long maxBytes) {
    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public PollLimits {
        if (maxRecords < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "maxRecords = " + maxRecords + ", maxBytes = " + maxBytes + ", expected 1 or more of each");
        }
    }

    /**
     * Returns limits without a bound in bytes.
     *
     * @param maxRecords the most records, 1 or more
     * @return the limits
     * @throws IllegalArgumentException if it is below 1
     */
    public static PollLimits records(int maxRecords) {
        return new PollLimits(maxRecords, Long.MAX_VALUE);
    }

    /**
     * Returns these limits with another bound in bytes.
     *
     * @param bytes the new {@code maxBytes}, 1 or more
     * @return the limits
     * @throws IllegalArgumentException if it is below 1
     */
    public PollLimits withMaxBytes(long bytes) {
        return new PollLimits(maxRecords, bytes);
    }

    /**
     * Returns whether a poll may return one more record; for implementations of {@link WalReader}.
     *
     * @param records how many records the poll has, 0 or more
     * @param bytes the bytes of these records
     * @param nextBytes the bytes of the next record
     * @return true for the first record, and for others while both limits hold
     */
    public boolean admit(int records, long bytes, int nextBytes) {
        return records == 0 || (records < maxRecords && nextBytes <= maxBytes - bytes);
    }
}
