package io.seawall.client.log;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Appends to one log. Any number of threads may use a writer; what one thread appends is in the log in that order.
 *
 * <p>Appends are put together into batches, up to five of which are on their way at a time. The writer finds the owner of the
 * log, follows it, connects again, and sends unanswered batches again under the same numbers, so that nothing is lost, doubled
 * or out of order. Futures complete in the order of the appends, on the client's callback thread; a callback that blocks delays
 * other callbacks, and after 64 batches also the writer.
 *
 * <p>An append that the log refuses ({@link Codes#INVALID}, {@link Codes#TOO_LARGE}, {@link Codes#TAIL_MISMATCH}) fails alone,
 * and so does one that was never sent within the delivery time-out ({@link Codes#UNAVAILABLE}); the appends behind it go on. If
 * the outcome of an append cannot be known ({@link Codes#OUTCOME_UNKNOWN}), the writer ends: nothing that was appended later may
 * pass it. Everything behind it fails, later appends fail with {@link Codes#CLOSED}, and a new writer has to be opened after the
 * log was read.
 */
public interface LogWriter extends AutoCloseable {
    /** Returns the log. */
    String pchannel();

    /**
     * Appends one record. Blocks only while the buffer is full, at most {@link WriterOptions#maxBlock}; on the client's callback
     * thread it does not block.
     *
     * @return completes with the LSN, or with a {@link SeawallException}
     */
    CompletableFuture<Ack> append(WalRecord record);

    /**
     * Appends records that are visible all or none, with LSNs that follow each other. Blocks like {@link #append(WalRecord)}.
     *
     * @param batch 1 to 1,000 records
     */
    CompletableFuture<Ack> append(List<WalRecord> batch);

    /**
     * Appends records if the log's tail is this LSN when they are written; otherwise the append fails with
     * {@link Codes#TAIL_MISMATCH} and the number {@code tail}. Blocks like {@link #append(WalRecord)}.
     *
     * @param tail the LSN that the first record is to get
     * @param batch 1 to 1,000 records
     */
    CompletableFuture<Ack> appendIfTail(long tail, List<WalRecord> batch);

    /** Appends one record with a value, a null key and no headers. */
    default CompletableFuture<Ack> append(byte[] value) {
        return append(WalRecord.of(value));
    }

    /** Appends one record with a text as its value, encoded as UTF-8. */
    default CompletableFuture<Ack> append(String value) {
        return append(WalRecord.of(value));
    }

    /** Sends what waits for {@code linger}; completes when every append before this call is answered, well or not. */
    CompletableFuture<Void> flush();

    /** Returns why the writer has ended, or nothing while it works or after it was closed without an error. */
    Optional<SeawallException> failure();

    /**
     * Waits until every append is answered, then ends the writer. After the time, what is unanswered fails: with
     * {@link Codes#OUTCOME_UNKNOWN} if it was sent, else with {@link Codes#CLOSED}. A second call does nothing.
     */
    void close(Duration atMost);

    /** The same with 30 seconds. */
    @Override
    default void close() {
        close(Duration.ofSeconds(30));
    }
}
