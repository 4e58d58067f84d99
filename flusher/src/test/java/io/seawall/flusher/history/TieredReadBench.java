package io.seawall.flusher.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.Bench;
import io.seawall.flusher.FakeLog;
import io.seawall.flusher.segment.SealedSegment;
import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.flusher.segment.SegmentFormat;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.SegmentSpec;
import io.seawall.flusher.segment.SpoolFile;
import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.flusher.store.WatchedStore;
import io.seawall.wal.LogRecord;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;

/** One log in a fake Kafka, its segments in a watched store, and readers over both. */
final class TieredReadBench implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    /** About ten records fill a block of 64 KiB. */
    static final int VALUE_BYTES = 6_000;

    final TrimmedLog kafka;
    final WatchedStore store;
    final TieredReaders readers;
    private final Path folder;
    private final LocalSegmentStore local;
    private int files;

    TieredReadBench(Path folder) {
        this(folder, VALUE_BYTES, SegmentReadSettings.defaults(), System::nanoTime);
    }

    TieredReadBench(Path folder, int valueBytes, SegmentReadSettings settings, LongSupplier nanoTime) {
        this.folder = folder;
        this.local = LocalSegmentStore.open(folder.resolve("segments"), new Random(1));
        this.store = new WatchedStore(local);
        this.kafka = new TrimmedLog(valueBytes);
        this.readers = new TieredReaders(kafka, store, settings, nanoTime);
    }

    /** Returns a log with LSNs 0 to 399: segments of 100 up to 300, Kafka from 250 on. */
    static TieredReadBench flushedAndTrimmed(Path folder) {
        var bench = new TieredReadBench(folder);
        bench.kafka.append(400);
        bench.publish(0, 100);
        bench.publish(100, 200);
        bench.publish(200, 300);
        bench.kafka.trim(250);
        return bench;
    }

    /** Waits until all readers and streams are closed: a read that was under way closes its stream on its own thread. */
    void awaitAllClosed() {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(store.openStreams()).as("streams left open").isZero();
            assertThat(kafka.openNow()).as("Kafka readers left open").isZero();
        });
    }

    /** Publishes the records from one LSN to another, the second one exclusive. */
    void publish(long from, long to) {
        publish(
                new SegmentSpec(new SegmentKey(Bench.ORDERS, from), FakeLog.ID, SegmentCodec.ZSTANDARD, sync(from)),
                to);
    }

    void publish(SegmentSpec spec, long to) {
        try {
            var spool = SpoolFile.create(newFile(), spec, 0);
            spool.append(kafka.records(spec.key().firstLsn(), to), Long.MAX_VALUE);
            publish(spool.seal());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void publishGap(long from, long to) {
        var spec = new SegmentSpec(new SegmentKey(Bench.ORDERS, from), FakeLog.ID, SegmentCodec.ZSTANDARD, sync(from));
        try {
            publish(SealedSegment.gap(newFile(), spec, to - 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void publish(SealedSegment sealed) throws IOException {
        local.publish(sealed.info().key(), sealed.file());
        sealed.discard();
    }

    static byte[] sync(long seed) {
        var bytes = new byte[SegmentFormat.SYNC_BYTES];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private Path newFile() {
        files++;
        return folder.resolve("spool-" + files);
    }

    Path object(long firstLsn) {
        return folder.resolve("segments").resolve(new SegmentKey(Bench.ORDERS, firstLsn).path());
    }

    WalReader open(long lsn) {
        return readers.open(Bench.ORDERS, StartPosition.atLsn(lsn), View.LIVE);
    }

    WalReader open(StartPosition from) {
        return readers.open(Bench.ORDERS, from, View.LIVE);
    }

    /** Reads until the next LSN is the given one. */
    static List<LogRecord> readTo(WalReader reader, long lsn) {
        var all = new ArrayList<LogRecord>();
        while (reader.nextLsn() < lsn) {
            var records = reader.poll((int) Math.min(1_000, lsn - reader.nextLsn()), PATIENCE);
            if (records.isEmpty()) {
                throw new AssertionError("nothing at LSN " + reader.nextLsn());
            }
            all.addAll(records);
        }
        return all;
    }

    @Override
    public void close() {
        readers.close();
    }
}
