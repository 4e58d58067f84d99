package io.seawall.wal;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A log that this process owns for one term. All methods may be called from any thread and none blocks, except
 * {@link #close}.
 *
 * <p>Futures complete on threads of the implementation, never under a lock, one after the other in the order of the answers. Code
 * that runs right there ({@code thenApply} and the like, without {@code Async}) should be short, as later answers wait for it. Code
 * that waits there, for another answer of the same log or for anything else, holds them up for a moment only: after 100 to 200 ms
 * another thread goes on with them. So it is slow, and takes a thread; give such code an executor of its own.
 */
public interface Wal extends AutoCloseable {
    /** The log. */
    PChannel pchannel();

    /** The term at which it was opened. */
    long term();

    /** The counter of the owner's own re-openings inside the term, from 0. */
    long epoch();

    /**
     * Which incarnation of the log this is: an opaque text that another one gets when the log was deleted and created again. On
     * Kafka the topic's id.
     */
    String logId();

    /** What a flusher leaves with the log; usable until the log ends. */
    FlushProgress progress();

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

    /** The LSN of the oldest record that is still there, as of the last {@link #trim}. Never goes back. */
    long oldest();

    /**
     * Finds out where the log ends, as of now: the answer is given after a record that was sent after this call is acknowledged.
     * So every record that anybody's append was acknowledged for before this call is below it, whoever owns the log.
     *
     * @return the tail; fails with {@link OwnershipException} if another owner took over, {@link RetryableException} if the log is
     *     closing or cannot be reached
     */
    CompletableFuture<Long> confirm();

    /**
     * Deletes the oldest records, for good: what is below an LSN, rounded down to the start of a batch. It is for the caller to
     * see that nobody needs them any more.
     *
     * @param before the oldest LSN to keep, at most the tail
     * @return the oldest LSN that is left, at most {@code before}; fails with {@link RequestException} of code
     *     {@link ErrorCode#BEYOND_TAIL} for an LSN above the tail, {@link RetryableException} if the log is closing or cannot be
     *     reached, and then perhaps nothing was deleted
     */
    CompletableFuture<Long> trim(long before);

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
