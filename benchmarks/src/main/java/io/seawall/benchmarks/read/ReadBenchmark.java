package io.seawall.benchmarks.read;

import io.seawall.benchmarks.measure.AppendTarget;
import io.seawall.benchmarks.measure.BareTarget;
import io.seawall.benchmarks.measure.BenchKafka;
import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.Filling;
import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.Pair;
import io.seawall.benchmarks.measure.Plan;
import io.seawall.benchmarks.measure.ReadPasses;
import io.seawall.benchmarks.measure.Rounds;
import io.seawall.benchmarks.measure.SameSettings;
import io.seawall.benchmarks.measure.Throughput;
import io.seawall.benchmarks.measure.WalTarget;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.walkafka.settings.WalSettings;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Compares reads of one prepared log in the live view with a bare {@code read_uncommitted} consumer of the same partition. Then
 * appends in an open loop and measures when a reader at the tail has each record.
 */
public final class ReadBenchmark {
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
    public ReadBenchmark(BenchKafka kafka, Plan plan, Consumer<String> progress) {
        this.kafka = kafka;
        this.plan = plan;
        this.progress = progress;
    }

    /** Runs the benchmark; blocks until it is done. */
    public ReadReport run() {
        var settings = SameSettings.of(kafka);
        try (var wals = kafka.wals("read", WalSettings.defaults(), Map.of())) {
            var log = kafka.newLog("read");
            progress.accept("writing " + plan.preparedRecords() + " records ...");
            try (var wal = wals.opener().open(log, 1).wal().join()) {
                new Filling(clock).fill(wal, plan.preparedRecords());
            }
            var passes = new ReadPasses(plan.preparedRecords(), clock);
            ReadPasses.Source bare = () -> BarePass.fromOldest(settings.consumer(), kafka.kafkaName(log.topic()));
            ReadPasses.Source ours = () -> WalPass.of(wals, log, StartPosition.oldest());
            progress.accept("warming up ...");
            passes.run(bare, plan.warmUp());
            passes.run(ours, plan.warmUp());
            var throughput = Rounds.interleaved(
                    plan.rounds(),
                    round -> passes.run(bare, plan.round()),
                    round -> passes.run(ours, plan.round()),
                    this::reportThroughput);
            var bareAppends = BareTarget.source(kafka, settings.producer());
            var ourAppends = WalTarget.source(kafka, wals);
            var delivery = Rounds.interleaved(
                    plan.rounds(),
                    round -> delivery(
                            bareAppends,
                            "delivery-bare-" + round,
                            topic -> BarePass.fromTail(settings.consumer(), kafka.kafkaName(topic))),
                    round -> delivery(
                            ourAppends,
                            "delivery-" + round,
                            topic -> WalPass.of(wals, new PChannel(topic, 0), StartPosition.tail())),
                    this::reportDelivery);
            return ReadReport.of(kafka.replicas(), plan, throughput, delivery);
        }
    }

    private Latency delivery(AppendTarget.Source side, String topic, Function<String, ReadPasses.Pass> atTail) {
        try (var load = side.open(topic);
                var reader = atTail.apply(topic)) {
            return Delivery.of(load, reader, plan.perSecond(), plan.round(), clock);
        }
    }

    private void reportDelivery(Pair<Latency> pair) {
        progress.accept(String.format(
                Locale.ROOT,
                "delivery at %d/s, p50/p99: bare %.2f/%.2f ms, seawall %.2f/%.2f ms",
                plan.perSecond(),
                pair.bare().p50Ms(),
                pair.bare().p99Ms(),
                pair.seawall().p50Ms(),
                pair.seawall().p99Ms()));
    }

    private void reportThroughput(Pair<Throughput> pair) {
        progress.accept(String.format(
                Locale.ROOT,
                "live read: bare %.1f MB/s, seawall %.1f MB/s, ratio %.3f",
                pair.bare().mbPerSecond(),
                pair.seawall().mbPerSecond(),
                Rounds.ratio(pair, Throughput::mbPerSecond)));
    }
}
