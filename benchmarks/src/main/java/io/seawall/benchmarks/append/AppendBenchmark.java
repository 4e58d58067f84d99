package io.seawall.benchmarks.append;

import io.seawall.benchmarks.measure.AppendTarget;
import io.seawall.benchmarks.measure.BareTarget;
import io.seawall.benchmarks.measure.BenchKafka;
import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.Pair;
import io.seawall.benchmarks.measure.Plan;
import io.seawall.benchmarks.measure.Rounds;
import io.seawall.benchmarks.measure.SameSettings;
import io.seawall.benchmarks.measure.Throughput;
import io.seawall.benchmarks.measure.WalTarget;
import io.seawall.walkafka.settings.WalSettings;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Compares appends to one log with sends of a bare idempotent producer: at full speed, then in an open loop. */
public final class AppendBenchmark {
    private final BenchKafka kafka;
    private final Plan plan;
    private final Consumer<String> progress;
    private final Clock clock = Clock.system();

    /**
     * Creates the benchmark.
     *
     * @param kafka where to run
     * @param plan how much to measure
     * @param progress receives progress lines
     */
    public AppendBenchmark(BenchKafka kafka, Plan plan, Consumer<String> progress) {
        this.kafka = kafka;
        this.plan = plan;
        this.progress = progress;
    }

    /** Runs the benchmark; blocks until it is done. */
    public AppendReport run() {
        var settings = SameSettings.of(kafka);
        try (var wals = kafka.wals("append", WalSettings.defaults(), Map.of())) {
            var bare = BareTarget.source(kafka, settings.producer());
            var ours = WalTarget.source(kafka, wals);
            warmUp(bare, ours);
            var throughput = Rounds.interleaved(
                    plan.rounds(),
                    round -> throughput(bare, "throughput-bare-" + round),
                    round -> throughput(ours, "throughput-" + round),
                    this::reportThroughput);
            var latency = Rounds.interleaved(
                    plan.rounds(),
                    round -> latency(bare, "latency-bare-" + round),
                    round -> latency(ours, "latency-" + round),
                    this::reportLatency);
            return AppendReport.of(kafka.replicas(), plan.perSecond(), throughput, latency);
        }
    }

    private void warmUp(AppendTarget.Source bare, AppendTarget.Source ours) {
        progress.accept("warming up ...");
        try (var load = bare.open("warm-bare")) {
            Throughput.ofAppends(load, plan.warmUp(), clock);
        }
        try (var load = ours.open("warm")) {
            Throughput.ofAppends(load, plan.warmUp(), clock);
        }
    }

    private Throughput throughput(AppendTarget.Source side, String topic) {
        try (var load = side.open(topic)) {
            return Throughput.ofAppends(load, plan.round(), clock);
        }
    }

    private Latency latency(AppendTarget.Source side, String topic) {
        try (var load = side.open(topic)) {
            return Latency.ofAppends(load, plan.perSecond(), plan.round(), clock);
        }
    }

    private void reportThroughput(Pair<Throughput> pair) {
        progress.accept(String.format(
                Locale.ROOT,
                "throughput: bare %.1f MB/s, seawall %.1f MB/s, ratio %.3f",
                pair.bare().mbPerSecond(),
                pair.seawall().mbPerSecond(),
                Rounds.ratio(pair, Throughput::mbPerSecond)));
    }

    private void reportLatency(Pair<Latency> pair) {
        progress.accept(String.format(
                Locale.ROOT,
                "latency at %d/s, p50/p99: bare %.2f/%.2f ms, seawall %.2f/%.2f ms",
                plan.perSecond(),
                pair.bare().p50Ms(),
                pair.bare().p99Ms(),
                pair.seawall().p50Ms(),
                pair.seawall().p99Ms()));
    }
}
