package io.seawall.wal;

import java.util.Iterator;

/** Makes a log again from its records, as segments have them, at the same LSNs. May be called from any thread. */
@FunctionalInterface
public interface WalRestorer {
    /**
     * Writes records into a log that has none yet, or none any more. Blocks until everything is committed; takes the records one by
     * one and keeps no more of them than one transaction holds.
     *
     * <p>Afterwards the log is opened as any other, at a term above this one: it begins at {@code first}, its tail is what this
     * returns, and readers of both views give exactly these records with their LSNs, terms, timestamps, keys, values and headers.
     * What is not kept: which records were one batch, and the writer sessions, so exactly-once ends here. Offsets are new ones.
     *
     * <p>The log is claimed as by an opening: whoever has it open at a lower term loses it. One that fails half-way leaves a log
     * that cannot be opened and says so; delete the topic, create it again and begin anew.
     *
     * @param pchannel the log; its topic exists
     * @param term 0 or more, above every term that the log was opened at, and above the terms of the records
     * @param first the LSN of the first record; the tail if there are no records, to go on where a log ended that is all trimmed
     * @param records in the order of their LSNs, without a gap; {@link LogRecord#offset} is not looked at. What it throws comes
     *     through
     * @return the log's tail: the LSN behind the last record
     * @throws RequestException with {@link ErrorCode#INVALID} if the log has records or another tail, a record does not follow the
     *     one before it (the number {@code restorableFrom} says what is behind the gap), or a term is not below {@code term};
     *     {@link ErrorCode#NOT_FOUND} if there is no such log
     * @throws OwnershipException with {@link ErrorCode#TERM_EXPIRED} if the log has seen this term or a higher one, or
     *     {@link ErrorCode#FENCED} if somebody took it meanwhile
     * @throws RetryableException if Kafka could not be reached
     */
    long restore(PChannel pchannel, long term, long first, Iterator<LogRecord> records);
}
