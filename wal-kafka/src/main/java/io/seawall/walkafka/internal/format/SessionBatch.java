package io.seawall.walkafka.internal.format;

import io.seawall.wal.WriterSeq;

/**
 * A batch of a writer session in the log.
 *
 * @param writer the session and the batch's number in it
 * @param term the term that wrote it first
 * @param first the LSN of its first record
 * @param count the number of its records, 1 or more
 * @param timestampMs CreateTime of its last record, in milliseconds since the epoch
 */
public record SessionBatch(WriterSeq writer, long term, long first, int count, long timestampMs) {}
