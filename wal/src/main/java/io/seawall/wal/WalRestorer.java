package io.seawall.wal;

import java.util.Iterator;

/** Restores a log from its records, read from segments, at the same LSNs. Thread-safe. */
@FunctionalInterface
public interface WalRestorer {
    /**
     * Writes records into a log that is empty or has lost all its records. Blocks until everything is committed. Reads the
     * iterator lazily and keeps at most one transaction of records in memory.
     *
     * <p>Afterwards the log can be opened as usual at a higher term: it begins at {@code first}, its tail is the returned LSN,
     * and readers of both views see exactly these records with their LSNs, terms, timestamps, keys, values and headers. Batch
     * boundaries and writer sessions are lost, so exactly-once ends here. Offsets are new.
     *
     * <p>The restore claims the log as an opening does: an owner at a lower term loses it. After a restore that fails half-way
     * the log cannot be opened, and opening fails with an error that tells why; delete the topic, create it again and start
     * over.
     *
     * @param pchannel the log; its topic exists
     * @param term 0 or more, above every term that the log was opened at, and above the terms of the records
     * @param first the LSN of the first record; without records, the tail of a log that was trimmed completely
     * @param records in the order of their LSNs, without a gap; {@link LogRecord#offset} is ignored. Exceptions of the iterator
     *     are passed on
     * @return the log's tail: the LSN after the last record
     * @throws RequestException with {@link ErrorCode#INVALID} if the log has records or another tail, a record does not follow
     *     the one before it (the number {@code restorableFrom} is the first LSN after the gap), or a term is not below
     *     {@code term}; {@link ErrorCode#NOT_FOUND} if there is no such log
     * @throws OwnershipException with {@link ErrorCode#TERM_EXPIRED} if the log has seen this term or a higher one, or
     *     {@link ErrorCode#FENCED} if another owner took it meanwhile
     * @throws RetryableException if Kafka could not be reached
     */
    long restore(PChannel pchannel, long term, long first, Iterator<LogRecord> records);
}
