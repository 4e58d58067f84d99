package io.seawall.wal;

/** Opens readers of any log, on any node, whichever node owns it. Thread-safe; every call may block. */
public interface WalReaders extends AutoCloseable {
    /**
     * Opens a reader.
     *
     * @param pchannel the log
     * @param from where to start
     * @param view which records to see
     * @return a reader, to be closed by the caller
     * @throws RequestException with {@link ErrorCode#NOT_FOUND} for an unknown pchannel, {@link ErrorCode#TRIMMED} or
     *     {@link ErrorCode#BEYOND_TAIL} (both with {@code oldest} and {@code tail}) for an LSN that is not there
     * @throws RetryableException if the log cannot be read at present
     */
    WalReader open(PChannel pchannel, StartPosition from, View view);

    /**
     * Returns the bounds of a log.
     *
     * @param pchannel the log
     * @param view whether the tail counts acknowledged or committed records
     * @return the bounds; they may be out of date, but are never too high
     * @throws RequestException with {@link ErrorCode#NOT_FOUND} for an unknown pchannel
     * @throws RetryableException if the log cannot be read at present
     */
    LogBounds bounds(PChannel pchannel, View view);

    /**
     * Returns the id of a log's present incarnation; see {@link Wal#logId}.
     *
     * @param pchannel the log
     * @return the id
     * @throws RequestException with {@link ErrorCode#NOT_FOUND} for an unknown pchannel
     * @throws RetryableException if Kafka cannot be reached at present
     */
    String logId(PChannel pchannel);

    /** Closes every reader that is still open, within a time limit. */
    @Override
    void close();
}
