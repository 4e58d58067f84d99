package io.seawall.wal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a flusher leaves with the log that it flushes: where the segments are, so that no second place is filled beside it, and
 * how far they reach, for those who watch. May be used from any thread; nothing blocks.
 */
public interface FlushProgress {
    /**
     * The store that the log's last committed snapshot names.
     *
     * @return the random id that the store keeps; empty as long as nobody bound one
     */
    Optional<String> storeId();

    /**
     * Binds the log to a store, for good.
     *
     * @param storeId the store's id; one that is bound already is no error
     * @return completes once a committed snapshot names the store; fails with {@link OperatorException} of code
     *     {@link ErrorCode#INTERNAL} if it names another one, {@link OwnershipException} or {@link RetryableException} if the log
     *     ends or cannot be written
     */
    CompletableFuture<Void> bindStore(String storeId);

    /**
     * Tells how far the segments reach. Only what watches lag depends on it: reports may be joined, delayed or lost.
     *
     * @param nextLsn the LSN below which all records are in segments
     * @return completes when it was recorded, or will not be
     */
    CompletableFuture<Void> flushed(long nextLsn);

    /**
     * The same from a flusher that knows where in Kafka its last record stands, which spares the log a search.
     *
     * @param nextLsn the LSN below which all records are in segments
     * @param nextOffset the {@link LogRecord#offset} of the record {@code nextLsn - 1}, plus 1; -1 if it is not known
     * @return completes when it was recorded, or will not be
     */
    default CompletableFuture<Void> flushed(long nextLsn, long nextOffset) {
        return flushed(nextLsn);
    }

    /** Progress that is remembered by nobody, for logs that nobody else flushes. */
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
