package io.seawall.wal;

/**
 * A record as the log holds it.
 *
 * @param lsn its dense sequence number in its pchannel, 0 or more
 * @param term the term that wrote it first; a later owner that republishes it keeps this term
 * @param timestampMs when its first owner accepted it, in milliseconds since the epoch by that owner's clock; never decreases
 *     within a pchannel
 * @param offset the Kafka offset of the copy that was read; not dense, and different after a republication
 * @param data what the user appended
 */
public record LogRecord(long lsn, long term, long timestampMs, long offset, WalRecord data) {}
