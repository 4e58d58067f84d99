package io.seawall.benchmarks.open;

import io.seawall.benchmarks.measure.BenchKafka;
import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.ProcessFacts;
import io.seawall.benchmarks.open.OpenReport.Broker;
import io.seawall.benchmarks.open.OpenReport.Footprint;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalOpener;
import io.seawall.walkafka.settings.WalSettings;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Opens many logs in one process and measures what they cost while idle. */
public final class OpenBenchmark {
    private static final String TOPIC = "many";
    private static final double MIB = 1 << 20;

    private static final long MOST_TERMS = 5;

    /** After this time the openings' own work, such as leases and snapshots, is over. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    private final BenchKafka kafka;
    private final int pchannels;
    private final Duration idle;
    private final Consumer<String> progress;
    private final Clock clock = Clock.system();
    private final LongAdder retries = new LongAdder();

    /**
     * Creates the benchmark.
     *
     * @param kafka where to run
     * @param pchannels how many logs to open
     * @param idle how long to watch them idle
     * @param progress receives progress lines
     */
    public OpenBenchmark(BenchKafka kafka, int pchannels, Duration idle, Consumer<String> progress) {
        this.kafka = kafka;
        this.pchannels = pchannels;
        this.idle = idle;
        this.progress = progress;
    }

    /** Runs the benchmark; blocks until it is done. */
    public OpenReport run() {
        progress.accept("creating a topic of " + pchannels + " logs ...");
        kafka.newTopic(TOPIC, pchannels);
        try (var wals = kafka.wals("open", WalSettings.defaults(), Map.of())) {
            var before = footprint();
            progress.accept("opening all of them ...");
            var start = clock.nanos();
            var open = openAll(wals.opener());
            var openedSeconds = seconds(clock.nanos() - start);
            try {
                progress.accept("watching them for " + idle.toSeconds() + " s ...");
                clock.await(clock.nanos() + Math.min(SETTLE.toNanos(), idle.toNanos()));
                return measureIdle(before, openedSeconds);
            } finally {
                closeAll(open);
            }
        }
    }

    private List<FlushableWal> openAll(WalOpener opener) {
        var openings = IntStream.range(0, pchannels)
                .mapToObj(partition -> open(opener, new PChannel(TOPIC, partition), 1))
                .toList();
        return openings.stream().map(CompletableFuture::join).toList();
    }

    /** Opens a log; if a term is used up, tries the next one, as a node does. */
    private CompletableFuture<FlushableWal> open(WalOpener opener, PChannel log, long term) {
        return opener.open(log, term).wal().exceptionallyCompose(error -> {
            if (term == MOST_TERMS) {
                return CompletableFuture.failedFuture(error);
            }
            retries.increment();
            return open(opener, log, term + 1);
        });
    }

    /** Closes all logs in parallel, because each waits for the commit of its lease. */
    private static void closeAll(Collection<FlushableWal> open) {
        open.parallelStream().forEach(Wal::close);
    }

    private OpenReport measureIdle(Footprint before, double openedSeconds) {
        var own = ProcessHandle.current().pid();
        var cpuBefore = cpu(own);
        var start = clock.nanos();
        clock.await(start + idle.toNanos());
        var nanos = clock.nanos() - start;
        var cpuAfter = cpu(own);
        var brokers = kafka.brokerPids()
                .mapToObj(pid -> new Broker(percent(cpuBefore, cpuAfter, pid, nanos), ProcessFacts.residentMib(pid)))
                .toList();
        return new OpenReport(
                "open",
                kafka.replicas(),
                pchannels,
                openedSeconds,
                retries.sum(),
                before,
                footprint(),
                seconds(nanos),
                percent(cpuBefore, cpuAfter, own, nanos),
                brokers);
    }

    private Map<Long, Duration> cpu(long own) {
        var all = new HashMap<Long, Duration>();
        LongStream.concat(LongStream.of(own), kafka.brokerPids()).forEach(pid -> all.put(pid, ProcessFacts.cpu(pid)));
        return all;
    }

    private static double percent(Map<Long, Duration> before, Map<Long, Duration> after, long pid, long nanos) {
        var used = after.getOrDefault(pid, Duration.ZERO).minus(before.getOrDefault(pid, Duration.ZERO));
        return 100.0 * used.toNanos() / nanos;
    }

    private static Footprint footprint() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return new Footprint(
                ManagementFactory.getThreadMXBean().getThreadCount(),
                memory.getHeapMemoryUsage().getUsed() / MIB,
                ProcessFacts.residentMib(ProcessHandle.current().pid()));
    }

    private static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
