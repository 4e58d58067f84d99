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
     * Appends a batch, all or nothing. The future completes when every record is on every in-sync replica; answers come in the
     * order in which the log took the requests, refused ones included.
     *
     * <p><b>ifTail</b> is compared with the tail at the moment at which the batch would get its LSNs, behind everything that the
     * log took before it. Another tail fails with {@link ErrorCode#TAIL_MISMATCH}, whose number {@code tail} says what it was.
     *
     * <p><b>writer</b> makes the batch safe to send again, in flight or answered, here or at a later owner of the log:
     * <ul>
     *   <li>A number that is the session's next is written. An id that the log does not know begins with 0.
     *   <li>One of the last {@value WriterSeq#REMEMBERED} that were written appends nothing and is answered with the LSNs and the
     *       term of the first time, {@link Appended#repeated()}. This comes before {@code ifTail}. The records are not compared,
     *       only how many they are: another count fails with {@link ErrorCode#INVALID}.
     *   <li>A number below these fails with {@link ErrorCode#SEQUENCE_GAP}, effect applied: it is in the log, but where is no
     *       longer known.
     *   <li>A number above the next one fails with {@link ErrorCode#SEQUENCE_GAP}, effect none. In both cases the number
     *       {@code expectedSeq} says which is next.
     * </ul>
     * What was refused did not use up its number. The log forgets sessions that did not write for long or that too many others
     * followed (the implementation says when): a forgotten one is not known, so exactly-once ends there.
     *
     * <p>It fails with {@link RequestException} (effect none) if the batch breaks a limit, {@link RetryableException} (none) if
     * the queue is full or the log is closing, {@link OwnershipException} if another owner took over (effect none for an append
     * that was never sent, unknown for one in flight), {@link OutcomeUnknownException} if the log has to be read to know. With a
     * writer session, sending the same number again tells in each of these cases.
     *
     * @param request 1 to 1,000 records, and their conditions
     * @return the LSNs
     */
    CompletableFuture<Appended> append(AppendRequest request);

    /**
     * Appends a batch without conditions.
     *
     * @param batch 1 to 1,000 records
     * @return the LSNs
     * @see #append(AppendRequest)
     */
    default CompletableFuture<Appended> append(List<Record> batch) {
        return append(AppendRequest.of(batch));
    }

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
