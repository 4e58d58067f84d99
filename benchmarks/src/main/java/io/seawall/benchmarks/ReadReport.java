package io.seawall.benchmarks;

import java.util.List;

/**
 * What the read benchmark found; its fields are those of the JSON object.
 *
 * @param benchmark {@code read}
 * @param replicas the replication factor
 * @param recordBytes the size of each value
 * @param throughputRatio the median over the rounds of our records a second divided by the bare consumer's
 * @param rounds how many rounds each side had
 * @param logRecords how many records the log has, which a round reads again and again
 * @param throughput the rounds
 */
public record ReadReport(
        String benchmark,
        int replicas,
        int recordBytes,
        double throughputRatio,
        int rounds,
        int logRecords,
        List<Pair<Throughput>> throughput) {
    static ReadReport of(int replicas, int logRecords, List<Pair<Throughput>> throughput) {
        return new ReadReport(
                "read",
                replicas,
                Payloads.RECORD_BYTES,
                Rounds.medianRatio(throughput, Throughput::mbPerSecond),
                throughput.size(),
                logRecords,
                throughput);
    }
}
