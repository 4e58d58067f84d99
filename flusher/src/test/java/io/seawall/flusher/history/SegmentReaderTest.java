package io.seawall.flusher.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.Bench;
import io.seawall.flusher.FakeLog;
import io.seawall.flusher.TestFiles;
import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.SegmentSpec;
import io.seawall.flusher.store.SegmentFiles;
import io.seawall.flusher.store.SegmentVerification;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.OperatorException;
import io.seawall.wal.PollLimits;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads of single objects: undamaged ones, damaged ones, and the number of requests to the store. */
@Timeout(60)
class SegmentReaderTest {
    @TempDir
    Path folder;

    private TieredReadBench bench;

    /** LSNs 0 to 99 in one segment of about ten blocks; Kafka from 100 on. */
    @BeforeEach
    void flushAndTrim() {
        start(SegmentReadSettings.defaults());
    }

    private void start(SegmentReadSettings settings) {
        bench = new TieredReadBench(folder, TieredReadBench.VALUE_BYTES, settings, System::nanoTime);
        bench.kafka.append(110);
        bench.publish(0, 100);
        bench.kafka.trim(100);
    }

    @AfterEach
    void close() {
        bench.close();
        bench.awaitAllClosed();
    }

    @ParameterizedTest
    @EnumSource
    void readsSegmentsOfEachCodec(SegmentCodec codec) throws Exception {
        Files.delete(bench.object(0));
        bench.publish(
                new SegmentSpec(new SegmentKey(Bench.ORDERS, 0), FakeLog.ID, codec, TieredReadBench.sync(9)), 100);

        assertThat(readAll()).isEqualTo(bench.kafka.records(0, 100));
    }

    @Test
    void startsAtAnyRecord() {
        for (var lsn = 0; lsn < 100; lsn++) {
            try (var reader = bench.open(lsn)) {
                assertThat(reader.poll(3, TieredReadBench.PATIENCE).get(0))
                        .isEqualTo(bench.kafka.records().get(lsn));
            }
        }
    }

    @Test
    void aPageOfAVerifiedSegmentNeedsNoRequestToTheStore() {
        readAll();
        bench.store.calls();

        for (var lsn = 90; lsn > 0; lsn -= 10) {
            try (var reader = bench.open(lsn)) {
                TieredReadBench.readTo(reader, lsn + 5L);
            }
        }

        assertThat(bench.store.calls()).isEmpty();
        assertThat(bench.readers.stats().verified()).isEqualTo(1);
        assertThat(bench.readers.stats().hits()).isGreaterThanOrEqualTo(9);
    }

    @Test
    void aColdReadFetchesAnObjectOnce() throws Exception {
        readAll();

        assertThat(bench.store.calls()).containsExactly("list -1", "open 0", "size 0", "open 0");
        assertThat(bench.readers.stats().fetchedBytes()).isEqualTo(Files.size(bench.object(0)));
    }

    @Test
    void aSegmentLargerThanTheCacheIsReadTwiceAndVerifiedOnce() throws Exception {
        bench.close();
        // Values of "x" compress well: a segment above 1 MiB needs many of them.
        start(new SegmentReadSettings(1 << 20, 1, SegmentReadSettings.defaults().boundsTimeout()));
        publishIncompressible();

        var all = readTo(200, 110);
        bench.store.calls();
        try (var page = bench.open(150)) {
            TieredReadBench.readTo(page, 153);
        }

        assertThat(all).isEqualTo(bench.kafka.records(110, 200));
        assertThat(bench.store.calls()).containsExactly("open 110 within");
        assertThat(bench.readers.stats().cachedBytes()).isLessThan(1 << 20);
    }

    /** Publishes LSNs 110 to 199, about 1.4 MiB that do not compress. */
    private void publishIncompressible() {
        bench.publish(100, 110);
        bench.kafka.appendNoise(90, 16_000);
        bench.publish(110, 200);
        bench.kafka.trim(200);
    }

    @Test
    void aPollOfLargeRecordsIsBoundInBytes() {
        bench.kafka.appendNoise(5, 900_000);
        bench.publish(100, 115);
        bench.kafka.trim(115);
        try (var reader = bench.open(110)) {
            assertThat(reader.poll(1_000, TieredReadBench.PATIENCE)).hasSize(2);
            assertThat(TieredReadBench.readTo(reader, 115)).isEqualTo(bench.kafka.records(112, 115));
        }
    }

    @Test
    void aPollEndsAtTheBytesOfItsLimits() {
        bench.kafka.appendNoise(5, 1_000);
        bench.publish(100, 115);
        bench.kafka.trim(115);
        try (var reader = bench.open(110)) {
            var both = reader.poll(PollLimits.records(100).withMaxBytes(2_999), TieredReadBench.PATIENCE);
            var alone = reader.poll(PollLimits.records(100).withMaxBytes(1), TieredReadBench.PATIENCE);

            assertThat(both).isEqualTo(bench.kafka.records(110, 112));
            assertThat(alone).isEqualTo(bench.kafka.records(112, 113));
            assertThat(reader.nextLsn()).isEqualTo(113);
            assertThat(TieredReadBench.readTo(reader, 115)).isEqualTo(bench.kafka.records(113, 115));
        }
    }

    @Test
    void noticesAFlippedBitInAnyByteAndReturnsNothing() throws Exception {
        var file = bench.object(0);
        var whole = Files.readAllBytes(file);
        var unnoticed = new ArrayList<Integer>();
        for (var position = 0; position < whole.length; position++) {
            TestFiles.flipBit(file, position, position % 8);
            var lookup = new SegmentVerification(bench.store, new SegmentKey(Bench.ORDERS, 0), () -> false);
            try {
                lookup.run(bytes -> true);
                unnoticed.add(position);
            } catch (MalformedSegmentException e) {
                assertThat(e.problem()).isNotEmpty();
            }
            TestFiles.flipBit(file, position, position % 8);
        }

        assertThat(unnoticed).isEmpty();
    }

    @Test
    void aDamagedObjectIsNamedAndReadAgainOnceItIsRestored() throws Exception {
        var file = bench.object(0);
        TestFiles.flipBit(file, Files.size(file) - 30, 3);
        refusedAsDamaged();
        assertThat(bench.readers.stats().damaged()).isPositive();
        TestFiles.flipBit(file, Files.size(file) - 30, 3);

        assertThat(readAll()).isEqualTo(bench.kafka.records(0, 100));
    }

    @Test
    void aTruncatedObjectIsNamedWhereverItWasCut() throws Exception {
        var whole = Files.readAllBytes(bench.object(0));
        for (var cut : new int[] {1, 17, whole.length / 2, whole.length - 3, whole.length}) {
            Files.write(bench.object(0), whole);
            TestFiles.truncate(bench.object(0), cut);

            refusedAsDamaged();
        }
    }

    @Test
    void anObjectThatGrewIsNamed() throws Exception {
        Files.write(bench.object(0), new byte[1], StandardOpenOption.APPEND);

        refusedAsDamaged();
    }

    private void refusedAsDamaged() {
        assertThatThrownBy(() -> readAll())
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining(bench.object(0).toString())
                .satisfies(e -> assertThat(((WalException) e).code()).isEqualTo(ErrorCode.DATA_LOSS));
    }

    @Test
    void anObjectThatIsReplacedAfterItWasVerifiedIsNotServed() throws Exception {
        bench.close();
        start(new SegmentReadSettings(1 << 20, 1, SegmentReadSettings.defaults().boundsTimeout()));
        publishIncompressible();
        try (var reader = bench.open(110)) {
            TieredReadBench.readTo(reader, 115);
            var file = bench.object(110);
            TestFiles.flipBit(file, Files.size(file) - 2_000, 1);

            assertThatThrownBy(() -> TieredReadBench.readTo(reader, 200))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("is not what it was when the object was verified");

            var served = reader.nextLsn();
            TestFiles.flipBit(file, Files.size(file) - 2_000, 1);
            assertThat(TieredReadBench.readTo(reader, 200)).isEqualTo(bench.kafka.records(served, 200));
        }
    }

    @Test
    void anAnswerThatIsCutIsNoDamage() throws Exception {
        var key = new SegmentKey(Bench.ORDERS, 0);
        var length = Files.size(bench.object(0));
        var header = new SegmentFiles(bench.store).info(key).headerBytes();
        for (var after : new long[] {header, header + 1, header + 40, (header + length) / 2, length - 1}) {
            for (var bytes : new long[] {after, -after}) {
                bench.store.cutNextAnswers(1, bytes);

                assertThatThrownBy(() -> new SegmentVerification(bench.store, key, () -> false).run(any -> true))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(MalformedSegmentException.class);
            }
        }
    }

    @Test
    void aStreamThatTheStoreEndsIsOpenedAgain() throws Exception {
        bench.close();
        start(new SegmentReadSettings(1 << 20, 1, SegmentReadSettings.defaults().boundsTimeout()));
        publishIncompressible();
        readTo(200, 110);
        bench.store.cutNextAnswers(1, 300_000);

        var all = readTo(200, 110);

        assertThat(all).isEqualTo(bench.kafka.records(110, 200));
    }

    @Test
    void theNextSegmentIsVerifiedAheadOfTheReader() {
        bench.publish(100, 110);
        bench.kafka.append(10);
        bench.kafka.trim(110);
        try (var reader = bench.open(0)) {
            TieredReadBench.readTo(reader, 50);

            Awaitility.await().until(() -> bench.readers.stats().verified() == 2);
        }
    }

    @Test
    void aPageDoesNotReadAhead() {
        bench.publish(100, 110);
        bench.kafka.append(10);
        bench.kafka.trim(110);
        try (var reader = bench.open(0)) {
            TieredReadBench.readTo(reader, 10);
        }
        try (var reader = bench.open(60)) {
            TieredReadBench.readTo(reader, 70);
        }

        assertThat(bench.readers.stats().verified()).isEqualTo(1);
    }

    @Test
    void aPollThatWaitsForTheStoreEndsInTime() {
        var gate = new CountDownLatch(1);
        try (var reader = bench.open(100)) {
            bench.publish(100, 105);
            bench.kafka.trim(104);
            bench.store.holdReads(gate);

            var none = reader.poll(10, Duration.ofMillis(50));

            assertThat(none).isEmpty();
            gate.countDown();
            assertThat(TieredReadBench.readTo(reader, 105)).isEqualTo(bench.kafka.records(100, 105));
        }
    }

    @Test
    void closingEndsAPollThatWaitsForTheStore() throws Exception {
        var gate = new CountDownLatch(1);
        var reader = bench.open(100);
        bench.publish(100, 105);
        bench.kafka.trim(104);
        bench.store.holdReads(gate);
        var ended = new AtomicReference<Throwable>();
        var polling = new Thread(() -> {
            try {
                reader.poll(10, TieredReadBench.PATIENCE);
            } catch (WalException e) {
                ended.set(e);
            }
        });
        polling.start();
        Awaitility.await().until(() -> bench.store.calls().contains("open 100"));

        reader.close();

        polling.join(TieredReadBench.PATIENCE.toMillis());
        assertThat(ended.get())
                .isInstanceOfSatisfying(
                        WalException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
        gate.countDown();
    }

    private List<LogRecord> readAll() {
        return readTo(100, 0);
    }

    private List<LogRecord> readTo(long to, long from) {
        try (var reader = bench.open(from)) {
            return TieredReadBench.readTo(reader, to);
        }
    }
}
