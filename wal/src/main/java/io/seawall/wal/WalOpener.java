package io.seawall.wal;

/** Opens logs, which makes this process their owner. Thread-safe. */
public interface WalOpener extends AutoCloseable {
    /**
     * Starts to open a log at a term and returns at once. The opening has its own deadline.
     *
     * <p>It fails with {@link OwnershipException} of code {@link ErrorCode#TERM_EXPIRED} if the log has seen this term or a
     * higher one, {@link RequestException} of code {@link ErrorCode#NOT_FOUND} if there is no such log,
     * {@link RetryableException} if Kafka could not be reached in time, {@link OperatorException} if the log is damaged or
     * misconfigured. A failed opening has released everything.
     *
     * @param pchannel the log
     * @param term 0 or more, and above every earlier one
     * @return the opening in progress
     */
    Opening open(PChannel pchannel, long term);

    /**
     * Cancels openings in progress and releases shared resources, within a time limit. Does not affect logs that are open.
     */
    @Override
    void close();
}
