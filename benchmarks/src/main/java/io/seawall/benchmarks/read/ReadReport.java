package io.seawall.benchmarks.read;

import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.Pair;
import io.seawall.benchmarks.measure.Payloads;
import io.seawall.benchmarks.measure.Plan;
import io.seawall.benchmarks.measure.Rounds;
import io.seawall.benchmarks.measure.Throughput;
import java.util.List;

/**
 * The result of the read benchmark; its fields are those of the JSON object.
 *
 * @param benchmark {@code read}
 * @param replicas the replication factor
 * @param recordBytes the size of each value
 * @param throughputRatio Seawall's records per second divided by the bare consumer's, the median over the rounds
 * @param p50Ratio the same ratio of the median times from when a record was due until a reader at the tail had it
 * @param p99Ratio the same ratio of the 99th percentiles of these times
 * @param rounds how many rounds each side had of each kind
 * @param perSecond the rate at which delivery was measured
 * @param logRecords how many records the log has, which a round reads repeatedly
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
