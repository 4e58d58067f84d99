package io.seawall.wal;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A log that this process owns for one term. All methods are thread-safe, and only {@link #close} blocks.
 *
 * <p>Futures complete on threads of the implementation, never under a lock, one after the other in the order of the answers. Code
 * that runs at a completion ({@code thenApply} and the like, without {@code Async}) should be short, as later answers wait for it.
 * If it blocks, later answers wait for 100 to 200 ms; then another thread continues with them. Such code is slow and costs a
 * thread: give it an executor of its own.
 */
public interface Wal extends AutoCloseable {
    PChannel pchannel();

    /** Returns the term at which the log was opened. */
    long term();

    /** Returns how often the owner has opened the log again within the term, from 0. */
    long epoch();

    /**
     * Returns an opaque id of this incarnation of the log: a log that is deleted and created again gets another one. On Kafka
     * this is the topic's id.
     */
    String logId();

    /**
     * Appends a batch, all or nothing. The future completes when every in-sync replica has every record. Futures complete in
     * the order in which the log received the requests, those of rejected requests included.
     *
     * <p><b>ifTail</b> is compared with the tail when the batch would get its LSNs, after everything that the log received
     * before it. If the tail differs, the append fails with {@link ErrorCode#TAIL_MISMATCH}, whose number {@code tail} is the
     * tail found.
     *
     * <p><b>writer</b> makes it safe to send the batch again, answered or not, to this owner or to a later one:
     * <ul>
     *   <li>The session's next number is written. An id that the log does not know begins with 0.
     *   <li>One of the last {@value WriterSeq#REMEMBERED} numbers appends nothing and returns the LSNs and the term of the
     *       first time, with {@link Appended#repeated()} set. This check precedes {@code ifTail}. The log compares the number
     *       of records but not the records: another count fails with {@link ErrorCode#INVALID}.
     *   <li>A number below these fails with {@link ErrorCode#SEQUENCE_GAP}, effect applied: the log has the batch, but its LSNs
     *       are no longer known.
     *   <li>A number above the next one fails with {@link ErrorCode#SEQUENCE_GAP}, effect none. In both cases the number
     *       {@code expectedSeq} is the next one.
     * </ul>
     * A rejected batch does not use up its number. The log forgets sessions that have not written for a long time or that too
     * many others followed (the implementation documents when). A forgotten session is unknown, so exactly-once ends there.
     *
     * <p>It fails with {@link RequestException} (effect none) if the batch breaks a limit, {@link RetryableException} (none) if
     * the queue is full or the log is closing, {@link OwnershipException} if another owner took over (effect none for an append
     * that was never sent, unknown for one in flight), {@link OutcomeUnknownException} if only reading the log can tell. With a
     * writer session, sending the same number again resolves each of these cases.
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
    default CompletableFuture<Appended> append(List<WalRecord> batch) {
        return append(AppendRequest.of(batch));
    }

    /**
     * Appends one record without conditions.
     *
     * @param record the record
     * @return its LSN, as first and last
     * @see #append(AppendRequest)
     */
    default CompletableFuture<Appended> append(WalRecord record) {
        return append(List.of(record));
    }

    /**
     * Appends one record with this value, a null key and no headers. The array is not copied: callers must not change it
     * afterwards.
     *
     * @param value the value's bytes
     * @return its LSN, as first and last
     * @see #append(AppendRequest)
     */
    default CompletableFuture<Appended> append(byte[] value) {
        return append(WalRecord.of(value));
    }

    /** Returns the LSN after the last acknowledged record. Never decreases. */
    long tail();

    /**
     * Returns the LSN of the oldest record, as of the last {@link #trim} or the last time that a reader of this process found it:
     * other tools delete records too. Never decreases.
     */
    long oldest();

    /**
     * Finds the current tail of the log. It completes after a record that is sent after this call is acknowledged. So every
     * record that any owner acknowledged before this call is below the returned tail.
     *
     * @return the tail; fails with {@link OwnershipException} if another owner took over, {@link RetryableException} if the log
     *     is closing or cannot be reached
     */
    CompletableFuture<Long> checkTail();

    /**
     * Deletes the oldest records permanently: those below an LSN, rounded down to the start of a batch. The caller makes sure
     * that they are not needed any more.
     *
     * @param before the oldest LSN to keep, at most the tail
     * @return the oldest LSN that is left, at most {@code before}; fails with {@link RequestException} of code
     *     {@link ErrorCode#BEYOND_TAIL} for an LSN above the tail, {@link RetryableException} if the log is closing or cannot
     *     be reached, in which case the records may or may not have been deleted
     */
    CompletableFuture<Long> trim(long before);

    /**
     * Completes with the reason when the log ends by itself; later appends fail with that reason. Stays incomplete when the log
     * is closed.
     */
    CompletableFuture<WalException> ended();

    /**
     * Ends the log: finishes and commits appends in flight within a time limit, and refuses new ones. May be called more than
     * once; never throws.
     */
    @Override
    void close();
}
