package io.seawall.wal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a flusher records in the log that it flushes: which store has the segments, so that no flusher fills a second store, and how
 * far they reach, for monitoring. Thread-safe; no method blocks.
 */
public interface FlushProgress {
    /**
     * Returns the store that the log's last committed snapshot names.
     *
     * @return the random id of the store; empty until a store is bound
     */
    Optional<String> storeId();

    /**
     * Binds the log to a store permanently. Binding the same store again is not an error.
     *
     * @param storeId the store's id
     * @return completes once a committed snapshot names the store; fails with {@link OperatorException} of code
     *     {@link ErrorCode#INTERNAL} if it names another store, with {@link OwnershipException} or {@link RetryableException}
     *     if the log ends or cannot be written
     */
    CompletableFuture<Void> bindStore(String storeId);

    /**
     * Reports how far the segments reach, for monitoring only: reports may be merged, delayed or lost.
     *
     * @param nextLsn the LSN below which all records are in segments
     * @return completes when the report is recorded or dropped
     */
    CompletableFuture<Void> flushed(long nextLsn);

    /**
     * Reports how far the segments reach, from a flusher that knows the Kafka offset of its last record. This spares the log a
     * search.
     *
     * @param nextLsn the LSN below which all records are in segments
     * @param nextOffset the {@link LogRecord#offset} of the record {@code nextLsn - 1}, plus 1; -1 if it is not known
     * @return completes when the report is recorded or dropped
     */
    default CompletableFuture<Void> flushed(long nextLsn, long nextOffset) {
        return flushed(nextLsn);
    }

    /** Returns a progress that keeps nothing, for logs without a flusher that others could conflict with. */
    static FlushProgress forgetful() {
        return new FlushProgress() {
            @Override
            public Optional<String> storeId() {
                return Optional.empty();
            }

            @Override
            public CompletableFuture<Void> bindStore(String storeId) {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public CompletableFuture<Void> flushed(long nextLsn) {
                return CompletableFuture.completedFuture(null);
            }
        };
    }
}
