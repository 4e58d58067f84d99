package io.seawall.benchmarks;

import java.util.List;

/**
 * What the read benchmark found; its fields are those of the JSON object.
 *
 * @param benchmark {@code read}
 * @param replicas the replication factor
 * @param recordBytes the size of each value
 * @param throughputRatio the median over the rounds of our records a second divided by the bare consumer's
 * @param p50Ratio the same of half of the times from when a record was due until a reader at the tail had it
 * @param p99Ratio the same of 99 % of these times
 * @param rounds how many rounds each side had of each kind
 * @param perSecond the rate at which delivery was measured
 * @param logRecords how many records the log has, which a round reads again and again
 * @param throughput the rounds at full speed
 * @param delivery the rounds at that rate
 */
public record ReadReport(
        String benchmark,
        int replicas,
        int recordBytes,
        double throughputRatio,
        double p50Ratio,
        double p99Ratio,
        int rounds,
        int perSecond,
        int logRecords,
        List<Pair<Throughput>> throughput,
        List<Pair<Latency>> delivery) {
    static ReadReport of(int replicas, Plan plan, List<Pair<Throughput>> throughput, List<Pair<Latency>> delivery) {
        return new ReadReport(
                "read",
                replicas,
                Payloads.RECORD_BYTES,
                Rounds.medianRatio(throughput, Throughput::mbPerSecond),
                Rounds.medianRatio(delivery, Latency::p50Ms),
                Rounds.medianRatio(delivery, Latency::p99Ms),
                throughput.size(),
                plan.perSecond(),
                plan.preparedRecords(),
                throughput,
                delivery);
    }
}
