package io.seawall.benchmarks.takeover;

import io.seawall.benchmarks.measure.BenchKafka;
import io.seawall.benchmarks.measure.ClientProbe;
import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.Filling;
import io.seawall.benchmarks.measure.Plan;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Takes logs over, many times, from owners that left a lease open. The abandoned owner lives in this process: its lease lasts
 * an hour, so it sends nothing any more, like a process that hangs. Kafka cannot distinguish it from a killed process, whose
 * transaction also stays open.
 */
public final class TakeoverBenchmark {
    private static final int SMALL_BYTES = 1 << 20;
    private static final int LARGE_BYTES = 16 << 20;
    private static final int WARM_UPS = 10;

    /** Large takeovers are fewer by this factor, since each appends 16 MiB and republishes them. */
    private static final int FEWER = 4;

    private final BenchKafka kafka;
    private final Plan plan;
    private final Consumer<String> progress;
    private final Clock clock = Clock.system();
    private final FenceWatch fences = new FenceWatch(clock);

    /**
     * Creates the benchmark.
     *
     * @param kafka where to run
     * @param plan how much to measure
     * @param progress receives progress lines
     */
    public TakeoverBenchmark(BenchKafka kafka, Plan plan, Consumer<String> progress) {
        this.kafka = kafka;
        this.plan = plan;
        this.progress = progress;
    }

    /** Runs the benchmark; blocks until it is done. */
    public TakeoverReport run() {
        try (var owners = kafka.wals("owner", hangingOwner(), Map.of());
                var successors = kafka.wals("successor", WalSettings.defaults(), ClientProbe.withListener(fences))) {
            var takeover = new MeasuredTakeover(owners, successors, fences, clock);
            progress.accept("warming up ...");
            inNewLogs(takeover, "warm", SMALL_BYTES, Math.min(WARM_UPS, plan.takeovers()));
            var large = inNewLogs(takeover, "large", LARGE_BYTES, Math.max(1, plan.takeovers() / FEWER));
            var small = inNewLogs(takeover, "small", SMALL_BYTES, plan.takeovers());
            var inLong = inOneLongLog(takeover, plan.takeovers());
            return TakeoverReport.of(kafka.replicas(), inLong, List.of(small, large));
        }
    }

    /**
     * Returns the settings of an owner that behaves like one that hangs: its lease does not roll, so it sends nothing and does not
     * notice that it is fenced. It notices when it is closed, after the measurement; without a grace period it then ends at once.
     */
    private static WalSettings hangingOwner() {
        var usual = WalSettings.defaults();
        return usual.withLease(usual.lease()
                        .withRoll(Duration.ofHours(1))
                        .withUncommittedBytes(2 * usual.lease().uncommittedBytes())
                        .withRollBytes(4 * LARGE_BYTES))
                .withTimeouts(usual.timeouts().withRivalGrace(Duration.ofMillis(1)));
    }

    private TakeoverReport.Case inNewLogs(MeasuredTakeover takeover, String name, int bytes, int times) {
        var found = new MeasuredTakeover.Times();
        for (var index = 0; index < times; index++) {
            var log = kafka.newLog(name + "-" + index);
            takeover.run(log, 1, bytes, found);
            kafka.delete(log.topic());
        }
        return reported(found.toCase(bytes, 0));
    }

    private TakeoverReport.Case inOneLongLog(MeasuredTakeover takeover, int times) {
        progress.accept("writing " + plan.preparedRecords() + " records ...");
        var log = kafka.newLog("long");
        fill(log);
        var found = new MeasuredTakeover.Times();
        for (var index = 0; index < times; index++) {
            takeover.run(
                    log, 2 + 2L * index, SMALL_BYTES, found); // each uses two terms: the owner's and the successor's
        }
        return reported(found.toCase(SMALL_BYTES, plan.preparedRecords()));
    }

    private void fill(PChannel log) {
        try (var filler = kafka.wals("filler", WalSettings.defaults(), Map.of());
                var wal = filler.opener().open(log, 1).wal().join()) {
            new Filling(clock).fill(wal, plan.preparedRecords());
        }
    }

    private TakeoverReport.Case reported(TakeoverReport.Case found) {
        progress.accept(String.format(
                Locale.ROOT,
                "%d takeovers, %d KiB to republish behind %d records: p50 %.1f ms, p99 %.1f ms",
                found.fenceToAppend().samples(),
                found.republishedBytes() >> 10,
                found.logRecords(),
                found.fenceToAppend().p50Ms(),
                found.fenceToAppend().p99Ms()));
        return found;
    }
}
