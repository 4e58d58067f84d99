package io.seawall.flusher;

import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.SegmentSpec;
import io.seawall.flusher.segment.SpoolFile;
import io.seawall.flusher.store.FaultyStore;
import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.flusher.store.Segments;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalReaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** One log, a local store with faults, and flushers; the test runs every step itself, on one thread. */
public final class Bench implements InstantSource, Executor {
    public static final PChannel ORDERS = PChannel.parse("orders-3");
    static final long SEGMENT_BYTES = 1_000;
    static final Duration SEGMENT_AGE = Duration.ofMinutes(10);

    public final FakeLog log = new FakeLog(ORDERS);
    public final LocalSegmentStore local;
    public final FaultyStore store;
    public final Segments segments;
    private final Path folder;
    private FlusherSettings settings;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private Runnable afterEachStep = () -> {};
    private final HandClock clock = new HandClock();

    public Bench(Path folder) {
        this.folder = folder;
        this.local = LocalSegmentStore.open(folder.resolve("segments"), new Random(1));
        this.store = new FaultyStore(local);
        this.segments = new Segments(local);
        this.settings = FlusherSettings.defaults(folder.resolve("spool")).withSegments(SEGMENT_BYTES, SEGMENT_AGE);
    }

    /** Changes the settings of flushers that are created later. */
    void use(UnaryOperator<FlusherSettings> change) {
        settings = change.apply(settings);
    }

    public Flusher flusher() {
        return flusher(store);
    }

    Flusher flusher(SegmentStore to) {
        return flusher(to, log);
    }

    Flusher flusher(SegmentStore to, WalReaders from) {
        return new Flusher(
                FlushTools.open(to, from, settings, FlusherEvents.NONE, this, clock::nanoTime, new Random(2)),
                this,
                () -> {});
    }

    @Override
    public Instant instant() {
        return clock.instant();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs a check after each step of any flusher. */
    void afterEachStep(Runnable look) {
        afterEachStep = look;
    }

    /** Requests a flush whose end nobody waits for. */
    void ask(Flusher flusher) {
        var unused = flusher.flush(ORDERS);
    }

    /** Runs everything that is due, without advancing the time. */
    public void run(Flusher... flushers) {
        for (var flusher : flushers) {
            flusher.tick();
        }
        var task = tasks.poll();
        for (var i = 0; task != null; i++) {
            if (i > 100_000) {
                throw new AssertionError("the flusher does not come to rest");
            }
            task.run();
            afterEachStep.run();
            task = tasks.poll();
        }
    }

    /** Advances the time, then runs what is due. */
    void pass(Duration time, Flusher... flushers) {
        clock.forward(time);
        run(flushers);
    }

    /** Sets the time of day, forward or back, then runs what is due. */
    void jump(Duration by, Flusher... flushers) {
        clock.jump(by);
        run(flushers);
    }

    /** Drops all queued tasks, as a crash does. */
    void crash() {
        tasks.clear();
    }

    public Path object(long firstLsn) {
        return folder.resolve("segments").resolve(new SegmentKey(ORDERS, firstLsn).path());
    }

    /** Acts as another process: publishes some committed records. */
    public void publishAsRival(int firstLsn, int count) throws IOException {
        var spool = SpoolFile.create(folder.resolve("rival"), spec(firstLsn), 0);
        spool.append(log.committedRecords().subList(firstLsn, firstLsn + count), Long.MAX_VALUE);
        var sealed = spool.seal();
        local.publish(sealed.info().key(), sealed.file());
        sealed.discard();
    }

    /** Returns the spec of a segment of this log. */
    static SegmentSpec spec(long firstLsn) {
        return new SegmentSpec(new SegmentKey(ORDERS, firstLsn), FakeLog.ID, SegmentCodec.ZSTANDARD, new byte[16]);
    }

    /** Returns the folder of the only flusher. */
    Path spoolFolder() throws IOException {
        try (var folders = Files.list(folder.resolve("spool"))) {
            return folders.findFirst().orElseThrow();
        }
    }

    List<Path> spoolFiles() {
        try (var files = Files.walk(folder.resolve("spool"))) {
            return files.filter(file -> !file.endsWith("lock"))
                    .filter(Files::isRegularFile)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads all records of all segments with plain Avro. */
    List<GenericRecord> plainAvro() throws IOException {
        var records = new ArrayList<GenericRecord>();
        for (var key : local.list(ORDERS, -1)) {
            try (var reader =
                    new DataFileReader<GenericRecord>(object(key.firstLsn()).toFile(), new GenericDatumReader<>())) {
                reader.forEach(records::add);
            }
        }
        return records;
    }

    List<Long> flushedLsns() throws IOException {
        return plainAvro().stream().map(record -> (Long) record.get("lsn")).toList();
    }

    List<Long> committedLsns() {
        return log.committedRecords().stream().map(record -> record.lsn()).toList();
    }
}
