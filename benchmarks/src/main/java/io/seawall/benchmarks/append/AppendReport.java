package io.seawall.benchmarks.append;

import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.Pair;
import io.seawall.benchmarks.measure.Payloads;
import io.seawall.benchmarks.measure.Rounds;
import io.seawall.benchmarks.measure.Throughput;
import java.util.List;

/**
 * The result of the append benchmark; its fields are those of the JSON object.
 *
 * @param benchmark {@code append}
 * @param replicas the replication factor
 * @param recordBytes the size of each value
 * @param throughputRatio Seawall's records per second divided by the bare producer's, the median over the rounds
 * @param p50Ratio the same ratio of the median latencies
 * @param p99Ratio the same ratio of the 99th percentiles of latency
 * @param rounds how many rounds each side had of each kind
 * @param perSecond the rate at which latency was measured
 * @param throughput the rounds at full speed
 * @param latency the rounds at that rate
 */
public record AppendReport(
        String benchmark,
        int replicas,
        int recordBytes,
        double throughputRatio,
        double p50Ratio,
        double p99Ratio,
        int rounds,
        int perSecond,
        List<Pair<Throughput>> throughput,
        List<Pair<Latency>> latency) {
    static AppendReport of(
            int replicas, int perSecond, List<Pair<Throughput>> throughput, List<Pair<Latency>> latency) {
        return new AppendReport(
                "append",
                replicas,
                Payloads.RECORD_BYTES,
                Rounds.medianRatio(throughput, Throughput::mbPerSecond),
                Rounds.medianRatio(latency, Latency::p50Ms),
                Rounds.medianRatio(latency, Latency::p99Ms),
                throughput.size(),
                perSecond,
                throughput,
                latency);
    }
}
