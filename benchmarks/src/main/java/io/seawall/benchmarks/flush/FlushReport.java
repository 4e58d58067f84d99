package io.seawall.benchmarks.flush;

import org.jspecify.annotations.Nullable;

/**
 * The result of the flush benchmark; its fields are those of the JSON object. MB are 10^6 bytes of values.
 *
 * @param benchmark {@code flush}
 * @param replicas the replication factor
 * @param records how many were appended, flushed and read
 * @param valueBytes the size of each value
 * @param appendMbPerSecond until the last record was acknowledged, while the log was flushed
 * @param flushMbPerSecond until the last record was in a segment
 * @param mostBehindRecords the most records by which the segments were behind the tail
 * @param trimmedShare the LSN at which Kafka's log started during the read, as a share of all
 * @param coldReadMbPerSecond of the records read from segments
 * @param readMbPerSecond of the whole read, from LSN 0 to the tail
 * @param seamPauseMs the duration of the poll that went from segments to Kafka
 * @param longestPauseMs the duration of the longest poll, except the first one
 * @param sha256 of LSNs and values, the same for the appended and the read records
 * @param mostHeapMib the most heap in use in this process at any time, garbage included
 * @param mostResidentMib its most resident memory; null if the system does not provide it
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
