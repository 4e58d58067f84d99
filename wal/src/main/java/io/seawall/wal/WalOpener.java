package io.seawall.wal;

/** Makes this process the owner of logs. May be called from any thread. */
public interface WalOpener extends AutoCloseable {
    /**
     * Starts to open a log at a term and returns at once. The opening has a deadline of its own.
     *
     * <p>It fails with {@link OwnershipException} of code {@link ErrorCode#TERM_EXPIRED} if the log has seen this term or a higher
     * one, {@link RequestException} of code {@link ErrorCode#NOT_FOUND} if there is no such log, {@link RetryableException} if Kafka
     * could not be reached in time, {@link OperatorException} if the log is damaged or wrongly configured. A failed opening has
     * released everything.
     *
     * @param pchannel the log
     * @param term 0 or more, and above every earlier one
     * @return the opening under way
     */
    Opening open(PChannel pchannel, long term);

    /** Cancels the openings under way and releases shared resources; bounded in time. Logs already open are not touched. */
    @Override
    void close();
}
