package io.seawall.walkafka;

/**
 * Where a snapshot stands.
 *
 * @param offset its Kafka offset
 * @param lsn its number: everything below precedes it
 */
record SnapshotAt(long offset, long lsn) {}
