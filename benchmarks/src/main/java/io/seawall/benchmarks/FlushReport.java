package io.seawall.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * What the flush benchmark found; its fields are those of the JSON object. MB are 10^6 bytes of values.
 *
 * @param benchmark {@code flush}
 * @param replicas the replication factor
 * @param records how many were appended, flushed and read
 * @param valueBytes the size of each value
 * @param appendMbPerSecond until the last one was acknowledged, while they were flushed
 * @param flushMbPerSecond until the last one was in a segment
 * @param mostBehindRecords the most records by which the segments were ever behind the tail
 * @param trimmedShare the LSN at which Kafka's log started during the read, as a share of all
 * @param coldReadMbPerSecond of what was read from segments alone
 * @param readMbPerSecond of the whole read, from LSN 0 to the tail
 * @param seamPauseMs how long the poll took that went from segments to Kafka
 * @param longestPauseMs how long the longest poll took, the first one not counted
 * @param sha256 of LSNs and values, the same appended and read
 * @param mostHeapMib the most heap in use in this process at any time, garbage included
 * @param mostResidentMib its most resident memory; null where the system does not tell
 */
public record FlushReport(
        String benchmark,
        int replicas,
        int records,
        int valueBytes,
        double appendMbPerSecond,
        double flushMbPerSecond,
        long mostBehindRecords,
        double trimmedShare,
        double coldReadMbPerSecond,
        double readMbPerSecond,
        double seamPauseMs,
        double longestPauseMs,
        String sha256,
        double mostHeapMib,
        @Nullable Double mostResidentMib) {}
