package io.seawall.wal;

/**
 * A record as it stands in the log.
 *
 * @param lsn its dense sequence number in its pchannel, 0 or more
 * @param term the term that wrote it first; a later owner that had to write it again keeps this term
 * @param timestampMs when its first owner took it, in milliseconds since the epoch by that owner's clock; never going back
 *     within a pchannel
 * @param offset the Kafka offset of the copy that was read; not dense, and different for a record that was written again
 * @param data what the user appended
 */
public record LogRecord(long lsn, long term, long timestampMs, long offset, Record data) {}
