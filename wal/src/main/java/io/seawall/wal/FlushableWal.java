package io.seawall.wal;

import java.util.concurrent.CompletableFuture;

/**
 * A log as its opener gets it: with what a flusher needs besides appending, reading the tail and trimming. Programs pass it to
 * their flusher, and as {@link Wal} to their other parts. Thread-safe; only {@link #close} blocks.
 */
public interface FlushableWal extends Wal {
    /** Returns what a flusher records in the log; usable until the log ends. */
    FlushProgress progress();

    /**
     * Returns the LSN below which every record is committed permanently. Never decreases. The committed view shows these
     * records once Kafka has written the marker of their transaction, usually some milliseconds later.
     */
    long committed();

    /**
     * Commits all acknowledged records without waiting for the lease to end.
     *
     * @return completes with {@link #committed()} once every record acknowledged before the call is committed permanently;
     *     fails with {@link OwnershipException} if another owner took over, {@link RetryableException} if the log is closing
     *     or cannot be reached
     */
    CompletableFuture<Long> commit();
}
