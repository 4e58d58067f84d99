package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.AppendTarget;
import io.seawall.benchmarks.measure.BareTarget;
import io.seawall.benchmarks.measure.BenchKafka;
import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.Payloads;
import io.seawall.benchmarks.measure.SameSettings;
import io.seawall.benchmarks.measure.Throughput;
import io.seawall.benchmarks.measure.WalTarget;
import io.seawall.client.log.WriterOptions;
import io.seawall.walkafka.settings.WalSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Measures a node as clients see it, part by part. For one thread. */
public final class WireBenchmark {
    private static final int DIFFERENT_REQUESTS = 256;
    private static final long MEGABYTE = 1_000_000;
    private static final int MOST_LINE_ROUNDS = 3;

    private final BenchKafka kafka;
    private final WireNode node;
    private final WirePlan plan;
    private final LineInput lines;
    private final Consumer<String> progress;
    private final Clock clock = Clock.system();
    private final WireReport.Builder report = new WireReport.Builder();
    private int topics;

    /** One side: measures for some time on a new topic. */
    private interface Side {
        Map<String, Double> measure(String topic, Duration duration);
    }

    /**
     * Creates the benchmark.
     *
     * @param kafka the brokers of the node
     * @param node the node
     * @param plan what to measure
     * @param lines what the commands append
     * @param progress receives progress lines
     */
    public WireBenchmark(BenchKafka kafka, WireNode node, WirePlan plan, LineInput lines, Consumer<String> progress) {
        this.kafka = kafka;
        this.node = node;
        this.plan = plan;
        this.lines = lines;
        this.progress = progress;
    }

    /** Runs the parts; blocks until they are done. */
    public WireReport run() {
        try (var logs = new NodeLogs(node, kafka.replicas())) {
            for (var part : WirePart.values()) {
                if (plan.parts().contains(part)) {
                    run(part, logs);
                }
            }
        }
        return report.build();
    }

    private void run(WirePart part, NodeLogs logs) {
        switch (part) {
            case APPEND -> append(logs);
            case CLIENT -> client(logs);
            case HTTP -> http(logs);
            case FAN_OUT -> fanOut(logs);
            case LINES -> lines(logs);
        }
    }

    private void append(NodeLogs logs) {
        try (var wals = kafka.wals("wire", WalSettings.defaults(), Map.of())) {
            var batch = plan.batchRecords();
            var alone = GrpcBatches.source(node, logs, 1);
            var inProcess = WalTarget.source(kafka, wals);
            compare(WirePart.APPEND, "one by one", sides(throughput(inProcess), "gRPC", throughput(alone)));
            compare(
                    WirePart.APPEND,
                    "batches of " + batch,
                    sides(
                            throughput(WalBatches.source(kafka, wals, batch)),
                            "gRPC",
                            throughput(GrpcBatches.source(node, logs, batch))));
            compareLatency(logs, inProcess, alone);
        }
    }

    private void compareLatency(NodeLogs logs, AppendTarget.Source inProcess, AppendTarget.Source overGrpc) {
        try (var load = new HttpLoad(node.url(), plan.connections(), clock)) {
            var sides = sides(latency(inProcess), "gRPC", latency(overGrpc));
            sides.put("HTTP", (topic, duration) -> {
                var log = logs.create(topic);
                try {
                    return Figures.of(load.atRate(appends(log), plan.plan().perSecond(), duration));
                } finally {
                    logs.delete(log);
                }
            });
            compare(WirePart.APPEND, plan.plan().perSecond() + "/s", sides);
        }
    }

    private static Map<String, Side> sides(Side inProcess, String name, Side other) {
        var sides = new LinkedHashMap<String, Side>();
        sides.put("in-process", inProcess);
        sides.put(name, other);
        return sides;
    }

    private Side throughput(AppendTarget.Source source) {
        return (topic, duration) -> {
            try (var load = source.open(topic)) {
                return Figures.of(Throughput.ofAppends(load, duration, clock));
            }
        };
    }

    private Side latency(AppendTarget.Source source) {
        return (topic, duration) -> {
            try (var load = source.open(topic)) {
                return Figures.of(Latency.ofAppends(load, plan.plan().perSecond(), duration, clock));
            }
        };
    }

    private static List<byte[]> appends(String log) {
        var payloads = new Payloads();
        return IntStream.range(0, DIFFERENT_REQUESTS)
                .mapToObj(at -> HttpConnection.append(log, payloads.next()))
                .toList();
    }

    private void client(NodeLogs logs) {
        var settings = new HashMap<>(SameSettings.of(kafka).producer());
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, plan.batchBytes());
        settings.put(ProducerConfig.LINGER_MS_CONFIG, (int) plan.linger().toMillis());
        var options = WriterOptions.defaults().withBatchBytes(plan.batchBytes()).withLinger(plan.linger());
        var sides = new LinkedHashMap<String, Side>();
        sides.put("bare producer", throughput(BareTarget.source(kafka, settings)));
        sides.put("client", throughput(ClientTarget.source(logs, options)));
        compare(
                WirePart.CLIENT,
                "batches of " + plan.batchBytes() + " bytes, linger "
                        + plan.linger().toMillis() + " ms",
                sides);
    }

    private void http(NodeLogs logs) {
        try (var load = new HttpLoad(node.url(), plan.connections(), clock)) {
            var sides = new LinkedHashMap<String, Side>();
            sides.put(
                    "GET /livez",
                    (topic, duration) -> load.atFullSpeed(List.of(HttpConnection.get("/livez")), duration));
            sides.put("append", (topic, duration) -> {
                var log = logs.create(topic);
                try {
                    return load.atFullSpeed(appends(log), duration);
                } finally {
                    logs.delete(log);
                }
            });
            compare(WirePart.HTTP, plan.connections() + " connections", sides);
        }
    }

    private void fanOut(NodeLogs logs) {
        var fanOut = new FanOut(node, logs, plan.plan().perSecond(), clock);
        var readers = plan.readers();
        var with = readers + " readers";
        var without = "no reader";
        var sides = new LinkedHashMap<String, Side>();
        sides.put(with, (topic, duration) -> fanOut.measure(topic, duration, readers, 0));
        sides.put(with + " and one that stalls", (topic, duration) -> fanOut.measure(topic, duration, readers, 1));
        sides.put(without, (topic, duration) -> fanOut.measure(topic, duration, 0, 0));
        var figures = compare(WirePart.FAN_OUT, plan.plan().perSecond() + "/s", sides);
        var costs = FanOut.costOfAReader(
                figures.getOrDefault(with, List.of()), figures.getOrDefault(without, List.of()), readers);
        if (costs.isEmpty()) {
            report.note(WirePart.FAN_OUT, "the node's process is not known, so its processor time is left out");
        } else {
            report.add(WirePart.FAN_OUT, "cost", Map.of("one of " + with, costs));
        }
    }

    private void lines(NodeLogs logs) {
        var rounds = Math.min(MOST_LINE_ROUNDS, plan.plan().rounds());
        try {
            var file = lines.file();
            if (file != null) {
                new LineRun(kafka, node, logs, file, lines.seawall(), clock).run(rounds, progress, report);
                return;
            }
            var made = Files.createTempFile("bench-lines", ".txt");
            try {
                LineFile.write(made, lines.megabytes() * MEGABYTE);
                new LineRun(kafka, node, logs, made, lines.seawall(), clock).run(rounds, progress, report);
            } finally {
                Files.deleteIfExists(made);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write the files of lines", failed);
        }
    }

    /** Warms up each side, then measures them in turn. */
    private Map<String, List<Map<String, Double>>> compare(WirePart part, String what, Map<String, Side> sides) {
        progress.accept(part + ", " + what + ": warming up ...");
        sides.values().forEach(side -> side.measure(topic(part), plan.plan().warmUp()));
        var comparison = new Comparison(part, what, progress);
        sides.forEach((name, side) -> comparison.side(
                name, round -> side.measure(topic(part), plan.plan().round())));
        return comparison.run(plan.plan().rounds(), report);
    }

    private String topic(WirePart part) {
        topics++;
        return part + "-" + topics;
    }
}
