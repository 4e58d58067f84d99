package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.Throughput;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names for what is measured, each with its unit. */
final class Figures {
    private Figures() {}

    static Map<String, Double> of(Throughput throughput) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("mbPerSecond", throughput.mbPerSecond());
        figures.put("clientMicrosPerRecord", throughput.clientMicrosPerRecord());
        return figures;
    }

    static Map<String, Double> of(Latency latency) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("p50Ms", latency.p50Ms());
        figures.put("p99Ms", latency.p99Ms());
        return figures;
    }
}
