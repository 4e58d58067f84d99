package io.seawall.benchmarks.flush;

import io.seawall.benchmarks.measure.BenchKafka;
import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.TemporaryFolder;
import io.seawall.flusher.Flusher;
import io.seawall.flusher.FlusherEvents;
import io.seawall.flusher.FlusherSettings;
import io.seawall.flusher.history.SegmentReadSettings;
import io.seawall.flusher.history.TieredReaders;
import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.wal.PChannel;
import io.seawall.wal.View;
import io.seawall.wal.Wal;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.settings.WalSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Appends to one log while a flusher publishes it into a local folder and trims it, then reads it from LSN 0 to its tail,
 * through segments and on into Kafka, and compares the records with those appended. A difference is an error.
 */
public final class FlushBenchmark {
    private static final long SEGMENT_BYTES = 64L << 20;
    private static final double KEPT_SHARE = 0.05;
    private static final double MOST_KEPT_SHARE = 0.1;
    private static final int LONGEST_WAIT_S = 600;
    private static final double MEGABYTE = 1e6;

    private final BenchKafka kafka;
    private final int records;
    private final Consumer<String> progress;
    private final Clock clock = Clock.system();
    private final InstantSource timeOfDay = Clock.timeOfDay();

    /**
     * Creates the benchmark.
     *
     * @param kafka where to run
     * @param records how many to append, with values of {@value NumberedValues#BYTES} random bytes
     * @param progress receives progress lines
     */
    public FlushBenchmark(BenchKafka kafka, int records, Consumer<String> progress) {
        this.kafka = kafka;
        this.records = records;
        this.progress = progress;
    }

    /**
     * Runs the benchmark; blocks until it is done.
     *
     * @return the result; all appended records were read
     * @throws IllegalStateException if the records read differ from those appended, or nothing was trimmed in time
     */
    public FlushReport run() {
        try (var folder = new TemporaryFolder();
                var wals = kafka.wals("flush", WalSettings.defaults(), Map.of());
                var memory = new MemoryWatch()) {
            return measured(wals, folder.path(), memory);
        }
    }

    private FlushReport measured(KafkaWals wals, Path folder, MemoryWatch memory) {
        var store = LocalSegmentStore.open(folder.resolve("segments"), new SplittableRandom());
        try (var flusher = new Flusher(
                        store, wals.readers(), settings(folder), FlusherEvents.NONE, timeOfDay, clock::nanos);
                var wal = wals.opener().open(kafka.newLog("flush"), 1).wal().join();
                var readers = new TieredReaders(wals.readers(), store, SegmentReadSettings.defaults(), clock::nanos)) {
            flusher.register(wal);
            progress.accept("appending " + records + " records while they are flushed ...");
            var start = clock.nanos();
            var appended = new NumberedValues(records).appendTo(wal, clock, () -> flusher.flushed(wal.pchannel()));
            var appendSeconds = seconds(start);
            flusher.flush(wal.pchannel()).join();
            var flushSeconds = seconds(start);
            awaitTrimmed(wal);
            report("append", appendSeconds);
            report("flush", flushSeconds);
            var seam = wal.oldest(); // another trim may follow
            progress.accept(String.format(
                    Locale.ROOT, "Kafka's log starts at LSN %d of %d; reading from LSN 0 ...", seam, records));
            var read = read(readers, wal.pchannel(), seam);
            if (!read.hash().equals(appended.hash())) {
                throw new IllegalStateException("read " + read.hash() + ", appended " + appended.hash());
            }
            flusher.unregister(wal);
            return new FlushReport(
                    "flush",
                    kafka.replicas(),
                    records,
                    NumberedValues.BYTES,
                    mbPerSecond(records, appendSeconds),
                    mbPerSecond(records, flushSeconds),
                    appended.mostBehind(),
                    seam / (double) records,
                    mbPerSecond(seam, read.seamSeconds()),
                    mbPerSecond(records, read.seconds()),
                    read.seamPauseMs(),
                    read.longestPauseMs(),
                    appended.hash(),
                    memory.mostHeapMib(),
                    memory.mostResidentMib());
        }
    }

    /** Keeps the last part of the log in Kafka, so that a read crosses from segments to Kafka. */
    private FlusherSettings settings(Path folder) {
        var kept = (long) (KEPT_SHARE * records * NumberedValues.BYTES);
        return FlusherSettings.defaults(folder.resolve("spool"))
                .withSegments(Math.min(SEGMENT_BYTES, Math.max(1, kept / 2)), Duration.ofMinutes(10))
                .with(new FlusherSettings.Retention(kept, Duration.ofMillis(-1)));
    }

    private void awaitTrimmed(Wal wal) {
        var latest = clock.nanos() + TimeUnit.SECONDS.toNanos(LONGEST_WAIT_S);
        while (wal.oldest() < records * (1 - MOST_KEPT_SHARE)) {
            if (clock.nanos() > latest) {
                throw new IllegalStateException(
                        "Kafka still has the records from LSN " + wal.oldest() + " on, after " + LONGEST_WAIT_S + " s");
            }
            clock.pass(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private TieredRead read(TieredReaders readers, PChannel pchannel, long seam) {
        return TieredRead.of(readers, pchannel, View.LIVE, records, seam, clock);
    }

    private void report(String what, double seconds) {
        progress.accept(String.format(Locale.ROOT, "%s: %.1f MB/s", what, mbPerSecond(records, seconds)));
    }

    private static double mbPerSecond(long records, double seconds) {
        return records * (double) NumberedValues.BYTES / MEGABYTE / seconds;
    }

    private double seconds(long since) {
        return (clock.nanos() - since) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
