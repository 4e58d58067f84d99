package io.seawall.wal;

import java.time.Duration;
import java.util.List;

/**
 * Reads one log in order and proves it: each record's LSN is one above the one before, or {@link #poll} throws. Used by one
 * thread at a time; {@link #close} may come from any thread and ends a poll that is under way.
 */
public interface WalReader extends AutoCloseable {
    /** The log that is read. */
    PChannel pchannel();

    /** The LSN of the next record that {@link #poll} will give. */
    long nextLsn();

    /**
     * Takes the next records; blocks for at most {@code wait} if there is none.
     *
     * @param maxRecords how many at the most, 1 or more; a batch may be cut here and goes on in the next call
     * @param wait how long to wait for the first one
     * @return the records in order; empty if none came in time
     * @throws OperatorException with {@link ErrorCode#DATA_LOSS} if acknowledged records are missing
     * @throws RequestException with {@link ErrorCode#TRIMMED} if the next record was trimmed, {@link ErrorCode#NOT_FOUND} if
     *     the topic is gone
     * @throws RetryableException if the log cannot be read at present; the reader can be used again
     */
    List<LogRecord> poll(int maxRecords, Duration wait);

    /** Releases the reader; never throws, bounded in time, may be called more than once. */
    @Override
    void close();
}
