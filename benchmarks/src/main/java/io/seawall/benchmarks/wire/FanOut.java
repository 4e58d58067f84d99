package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.InFlightLimit;
import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.OpenLoop;
import io.seawall.benchmarks.measure.Payloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One log that is appended to at a constant rate while many read at its tail. */
final class FanOut {
    private static final int IN_FLIGHT_RECORDS = 65_536;
    private static final int LONGEST_WAIT_S = 60;
    private static final String CORES = "nodeCores";

    private final WireNode node;
    private final NodeLogs logs;
    private final int perSecond;
    private final Clock clock;

    FanOut(WireNode node, NodeLogs logs, int perSecond, Clock clock) {
        this.node = node;
        this.logs = logs;
        this.perSecond = perSecond;
        this.clock = clock;
    }

    /**
     * Measures one round.
     *
     * @param name of a new log
     * @param duration for how long records are appended
     * @param count how many readers
     * @param stalled how many more that take nothing
     * @return the share of the records that the reader with the fewest got, the times of delivery over all readers, and how many
     *     cores the node used
     */
    Map<String, Double> measure(String name, Duration duration, int count, int stalled) {
        var log = logs.create(name);
        try (var load = GrpcBatches.open(node, logs, log, 1)) {
            var readers = new ArrayList<TailReader>();
            var stalling = new ArrayList<TailReader>();
            try {
                for (var at = 0; at < count; at++) {
                    readers.add(TailReader.open(node, log, clock, false));
                }
                for (var at = 0; at < stalled; at++) {
                    stalling.add(TailReader.open(node, log, clock, true));
                }
                started(readers);
                started(stalling);
                return measure(load, duration, readers);
            } finally {
                readers.forEach(TailReader::close);
                stalling.forEach(TailReader::close);
            }
        }
    }

    private static void started(List<TailReader> readers) {
        all(readers.stream().map(TailReader::start).toList()).join();
    }

    private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .orTimeout(LONGEST_WAIT_S, TimeUnit.SECONDS);
    }

    private Map<String, Double> measure(GrpcBatches load, Duration duration, List<TailReader> readers) {
        var payloads = new Payloads();
        var inFlight = new InFlightLimit(IN_FLIGHT_RECORDS);
        var cpu = node.cpu();
        var begin = clock.nanos();
        var loop = OpenLoop.lasting(duration, begin, perSecond);
        readers.forEach(reader -> reader.expect(loop));
        for (var index = 0L; index < loop.count(); index++) {
            clock.await(loop.due(index));
            inFlight.beforeSend();
            load.append(payloads.next(), inFlight);
        }
        inFlight.drain(clock);
        awaitAll(readers);
        var nanos = clock.nanos() - begin;

        var figures = new LinkedHashMap<String, Double>();
        if (!readers.isEmpty()) {
            var least = readers.stream().mapToLong(TailReader::received).min().orElse(0);
            figures.put("leastShareReceived", least / (double) loop.count());
            figures.putAll(Figures.of(delivery(readers)));
        }
        if (node.pid().isPresent()) {
            figures.put(CORES, node.cpu().minus(cpu).toNanos() / (double) nanos);
        }
        return figures;
    }

    /** Waits until all have everything, or the time is over: then what they have is the result. */
    private static void awaitAll(List<TailReader> readers) {
        try {
            all(readers.stream().map(TailReader::done).toList()).join();
        } catch (CompletionException late) {
            if (!(late.getCause() instanceof TimeoutException)) {
                throw new IllegalStateException("a reader failed, so this round is invalid", late.getCause());
            }
        }
    }

    private static Latency delivery(List<TailReader> readers) {
        var all = Latency.histogram();
        readers.forEach(reader -> all.add(reader.delivery()));
        return Latency.of(all);
    }

    /** Returns what one reader costs the node in each round, in milliseconds of processor time a second. */
    static List<Map<String, Double>> costOfAReader(
            List<Map<String, Double>> with, List<Map<String, Double>> without, int readers) {
        var rounds = new ArrayList<Map<String, Double>>();
        for (var round = 0; round < with.size(); round++) {
            var cores = with.get(round).get(CORES);
            var least = without.get(round).get(CORES);
            if (cores != null && least != null) {
                rounds.add(Map.of("nodeCpuMsPerSecond", (cores - least) * TimeUnit.SECONDS.toMillis(1) / readers));
            }
        }
        return rounds;
    }
}
