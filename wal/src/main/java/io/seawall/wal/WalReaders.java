package io.seawall.wal;

/** Opens readers of any log, on any node, whoever owns it. May be called from any thread; every call may block. */
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
     * Looks what a log holds.
     *
     * @param pchannel the log
     * @param view whether the tail counts acknowledged or committed records
     * @return the bounds; past values when they arrive, and never too high
     * @throws RequestException with {@link ErrorCode#NOT_FOUND} for an unknown pchannel
     * @throws RetryableException if the log cannot be read at present
     */
    LogBounds bounds(PChannel pchannel, View view);

    /**
     * Tells which incarnation of a log is there, as {@link Wal#logId} does.
     *
     * @param pchannel the log
     * @return the id
     * @throws RequestException with {@link ErrorCode#NOT_FOUND} for an unknown pchannel
     * @throws RetryableException if nobody answers at present
     */
    String logId(PChannel pchannel);

    /** Closes every reader that is still open; bounded in time. */
    @Override
    void close();
}
