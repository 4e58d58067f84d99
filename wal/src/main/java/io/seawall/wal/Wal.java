package io.seawall.wal;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A log that this process owns for one term. All methods may be called from any thread and none blocks, except
 * {@link #close}. Futures complete on an executor of the implementation, never under a lock.
 */
public interface Wal extends AutoCloseable {
    /** The log. */
    PChannel pchannel();

    /** The term at which it was opened. */
    long term();

    /** The counter of the owner's own re-openings inside the term, from 0. */
    long epoch();

    /**
     * Appends a batch, all or nothing. The future completes when every record is on every in-sync replica; completions come
     * in the order of the LSNs.
     *
     * <p>It fails with {@link RequestException} (effect none) if the batch breaks a limit, {@link RetryableException} (none) if
     * the queue is full or the log is closing, {@link OwnershipException} if another owner took over (effect none for an append
     * that was never sent, unknown for one in flight), {@link OutcomeUnknownException} if the log has to be read to know.
     *
     * @param batch 1 to 1,000 records
     * @return the LSNs
     */
    CompletableFuture<Appended> append(List<Record> batch);

    /** The LSN after the last acknowledged record. Never goes back. */
    long tail();

    /** The LSN below which every record is committed, so that the committed view shows it. Never goes back. */
    long committed();

    /**
     * Commits what is acknowledged, without waiting for the lease to end by itself.
     *
     * @return completes, with {@link #committed()}, once every record acknowledged before the call is committed
     */
    CompletableFuture<Long> commit();

    /**
     * Completes when the log ends by itself, with the reason; later appends fail with it. Stays incomplete when the log is
     * closed.
     */
    CompletableFuture<WalException> ended();

    /**
     * Ends the log: appends in flight are finished and committed as far as a bound of time allows, new ones are refused. May be
     * called more than once; never throws.
     */
    @Override
    void close();
}
