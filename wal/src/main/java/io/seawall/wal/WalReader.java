package io.seawall.wal;

import java.time.Duration;
import java.util.List;

/**
 * Reads one log in order and checks it: {@link #poll} throws unless each record's LSN is one above that of the record before.
 * Used by one thread at a time; {@link #close} may come from any thread and ends a poll in progress.
 */
public interface WalReader extends AutoCloseable {
    PChannel pchannel();

    /** Returns the LSN of the next record that {@link #poll} will return. */
    long nextLsn();

    /**
     * Returns the next records; blocks for at most {@code wait} if there is none. A poll returns what is there: less than the
     * limits allow does not mean that the log ends.
     *
     * @param limits the most records and bytes to return; a batch that is cut here is continued by the next poll, and a first
     *     record above the bytes is returned alone
     * @param wait how long to wait for the first record
     * @return the records in order; empty if none came in time
     * @throws OperatorException with {@link ErrorCode#DATA_LOSS} if acknowledged records are missing
     * @throws RequestException with {@link ErrorCode#TRIMMED} if the next record was trimmed, {@link ErrorCode#NOT_FOUND} if
     *     the topic is gone
     * @throws RetryableException if the log cannot be read at present; the reader stays usable
     */
    List<LogRecord> poll(PollLimits limits, Duration wait);

    /**
     * Returns the next records, without a bound in bytes.
     *
     * @param maxRecords the most records to return, 1 or more; the next poll continues a batch that is cut here
     * @param wait how long to wait for the first record
     * @return the records in order; empty if none came in time
     * @throws IllegalArgumentException if {@code maxRecords} is below 1
     * @see #poll(PollLimits, Duration)
     */
    default List<LogRecord> poll(int maxRecords, Duration wait) {
        return poll(PollLimits.records(maxRecords), wait);
    }

    /** Releases the reader within a time limit. Never throws; may be called more than once. */
    @Override
    void close();
}
