package io.seawall.flusher.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.Bench;
import io.seawall.flusher.HandClock;
import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.SegmentSpec;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TieredReadersTest {
    @TempDir
    Path folder;

    private TieredReadBench bench;

    @BeforeEach
    void flushAndTrim() {
        bench = TieredReadBench.flushedAndTrimmed(folder);
    }

    @AfterEach
    void close() {
        bench.close();
        bench.awaitAllClosed();
    }

    @Test
    void readsThroughSegmentsIntoKafka() {
        try (var reader = bench.open(0)) {
            var records = TieredReadBench.readTo(reader, 400);

            assertThat(records).isEqualTo(bench.kafka.records());
        }
    }

    @Test
    void startsInTheMidstOfASegment() {
        try (var reader = bench.open(163)) {
            var records = TieredReadBench.readTo(reader, 400);

            assertThat(records).isEqualTo(bench.kafka.records(163, 400));
        }
    }

    @Test
    void continuesWithLaterRecords() {
        try (var reader = bench.open(390)) {
            TieredReadBench.readTo(reader, 400);
            bench.kafka.append(5);

            var records = TieredReadBench.readTo(reader, 405);

            assertThat(records).isEqualTo(bench.kafka.records(400, 405));
        }
    }

    @Test
    void sendsNoRequestToTheStoreWhileKafkaHasTheRecords() {
        try (var reader = bench.open(250);
                var tail = bench.open(StartPosition.tail())) {
            TieredReadBench.readTo(reader, 400);

            assertThat(tail.nextLsn()).isEqualTo(400);
            assertThat(bench.store.calls()).isEmpty();
        }
    }

    @Test
    void doesNotAskKafkaAgainForAnLsnThatItRefused() {
        bench.open(10).close();
        var opened = bench.kafka.asked();

        for (var lsn = 11; lsn < 20; lsn++) {
            bench.open(lsn).close();
        }

        assertThat(bench.kafka.asked()).isEqualTo(opened);
    }

    @Test
    void aLogCreatedAgainIsReadInKafkaWhereItsPredecessorWasTrimmed() {
        bench.open(10).close();
        bench.kafka.recreate("another-log");
        bench.kafka.append(30);

        try (var reader = bench.open(10)) {
            assertThat(TieredReadBench.readTo(reader, 30)).isEqualTo(bench.kafka.records(10, 30));
        }
    }

    @Test
    void aStoreThatIsDownDoesNotDisturbReadersInKafka() {
        bench.store.down(true);
        try (var reader = bench.open(250)) {
            assertThat(TieredReadBench.readTo(reader, 400)).hasSize(150);
        }
    }

    @Test
    void aReaderContinuesOnceTheStoreIsBack() {
        try (var reader = bench.open(0)) {
            var read = new ArrayList<>(TieredReadBench.readTo(reader, 50));
            bench.store.down(true);
            // Records that were fetched or prefetched are still served.
            refused(() -> readOn(reader, read), ErrorCode.UNAVAILABLE);
            refused(() -> reader.poll(10, TieredReadBench.PATIENCE), ErrorCode.UNAVAILABLE);
            bench.store.down(false);

            read.addAll(TieredReadBench.readTo(reader, 400));

            assertThat(read).isEqualTo(bench.kafka.records(0, 400));
        }
    }

    @Test
    void aTrimDuringAReadSendsTheReaderToSegmentsAtTheSameLsn() {
        try (var reader = bench.open(250)) {
            var before = TieredReadBench.readTo(reader, 264);
            bench.publish(300, 390);
            bench.kafka.beforeNextPoll(() -> bench.kafka.trim(385));

            var after = TieredReadBench.readTo(reader, 400);

            assertThat(before).isEqualTo(bench.kafka.records(250, 264));
            assertThat(after).isEqualTo(bench.kafka.records(264, 400));
        }
    }

    @Test
    void aTrimRightAfterTheOpeningInKafkaIsNoGap() {
        try (var reader = bench.open(240)) {
            TieredReadBench.readTo(reader, 250);
            bench.publish(300, 390);
            bench.kafka.afterOpen(() -> {
                bench.kafka.afterOpen(() -> {});
                bench.kafka.trim(380);
            });

            var after = TieredReadBench.readTo(reader, 400);

            assertThat(after).isEqualTo(bench.kafka.records(250, 400));
        }
    }

    @Test
    void boundsReachBackIntoTheSegments() {
        var bounds = bench.readers.bounds(Bench.ORDERS, View.LIVE);

        assertThat(bounds).isEqualTo(new LogBounds(0, 400));
    }

    @Test
    void boundsDoNotNeedTheStore() {
        bench.store.down(true);

        var bounds = bench.readers.bounds(Bench.ORDERS, View.LIVE);

        assertThat(bounds).isEqualTo(new LogBounds(250, 400));
    }

    @Test
    void boundsAskTheStoreOnceUntilKafkaIsTrimmedAgain() {
        bench.readers.bounds(Bench.ORDERS, View.LIVE);
        bench.store.calls();

        bench.readers.bounds(Bench.ORDERS, View.LIVE);

        assertThat(bench.store.calls()).isEmpty();
    }

    @Test
    void oldestStartsInTheSegments() {
        try (var reader = bench.open(StartPosition.oldest())) {
            assertThat(reader.nextLsn()).isZero();
            assertThat(TieredReadBench.readTo(reader, 400)).isEqualTo(bench.kafka.records());
        }
    }

    @Test
    void oldestRefusesToLeaveOutSegmentsOfAStoreThatIsDown() {
        bench.store.down(true);

        refused(() -> bench.open(StartPosition.oldest()), ErrorCode.UNAVAILABLE);
    }

    @Test
    void findsATimeInSegmentsAndInKafka() throws Exception {
        for (var lsn : new long[] {0, 1, 99, 100, 157, 249, 250, 251, 399}) {
            var exact = TrimmedLog.FIRST_MS + TrimmedLog.STEP_MS * lsn;
            try (var at = bench.open(StartPosition.atTime(Instant.ofEpochMilli(exact)));
                    var before = bench.open(StartPosition.atTime(Instant.ofEpochMilli(exact - 3)))) {
                assertThat(at.nextLsn()).as("at %d", lsn).isEqualTo(lsn);
                assertThat(before.nextLsn()).as("before %d", lsn).isEqualTo(lsn);
                assertThat(TieredReadBench.readTo(at, 400)).isEqualTo(bench.kafka.records(lsn, 400));
            }
        }
    }

    @Test
    void aMomentInKafkaNeedsNoStore() throws Exception {
        bench.store.down(true);
        try (var reader = bench.open(
                StartPosition.atTime(Instant.ofEpochMilli(TrimmedLog.FIRST_MS + TrimmedLog.STEP_MS * 300)))) {
            assertThat(reader.nextLsn()).isEqualTo(300);
        }
    }

    @Test
    void aMomentInTheFutureIsTheTail() {
        try (var reader = bench.open(StartPosition.atTime(Instant.parse("2100-01-01T00:00:00Z")))) {
            assertThat(reader.nextLsn()).isEqualTo(400);
        }
    }

    @Test
    void beyondTheTailIsRefusedWithTheBoundsOfBoth() {
        refused(() -> bench.open(401), ErrorCode.BEYOND_TAIL, "oldest", 0);
    }

    @Test
    void reportsLsnsBelowTheFirstSegmentAsTrimmed() throws Exception {
        Files.delete(bench.object(0));

        refused(() -> bench.open(40), ErrorCode.TRIMMED, "oldest", 100);
        assertThat(bench.readers.bounds(Bench.ORDERS, View.LIVE).oldest()).isEqualTo(100);
    }

    @Test
    void aMissingSegmentInTheMiddleIsNamedAndNeverSkipped() throws Exception {
        Files.delete(bench.object(100));
        try (var reader = bench.open(0)) {
            TieredReadBench.readTo(reader, 100);

            refused(() -> reader.poll(10, TieredReadBench.PATIENCE), ErrorCode.DATA_LOSS, "oldest", 200);
            refused(() -> reader.poll(10, TieredReadBench.PATIENCE), ErrorCode.DATA_LOSS, "oldest", 200);

            assertThat(reader.nextLsn()).isEqualTo(100);
            assertThat(bench.readers.bounds(Bench.ORDERS, View.LIVE).oldest()).isEqualTo(200);
        }
    }

    @Test
    void aMissingSegmentThatIsRestoredIsReadByTheSameReader() throws Exception {
        Files.move(bench.object(100), folder.resolve("aside"));
        try (var reader = bench.open(0)) {
            TieredReadBench.readTo(reader, 100);
            refused(() -> reader.poll(10, TieredReadBench.PATIENCE), ErrorCode.DATA_LOSS);
            Files.move(folder.resolve("aside"), bench.object(100));

            var after = TieredReadBench.readTo(reader, 400);

            assertThat(after).isEqualTo(bench.kafka.records(100, 400));
        }
    }

    @Test
    void reportsAGapBetweenTheSegmentsAndKafka() {
        bench.kafka.trim(320);
        try (var reader = bench.open(290)) {
            assertThat(TieredReadBench.readTo(reader, 300)).isEqualTo(bench.kafka.records(290, 300));

            refused(() -> reader.poll(10, TieredReadBench.PATIENCE), ErrorCode.TRIMMED, "oldest", 320);

            assertThat(bench.readers.bounds(Bench.ORDERS, View.LIVE).oldest()).isEqualTo(320);
        }
    }

    @Test
    void reportsAGapSegmentWithTheNextExistingLsn() {
        bench.publishGap(300, 340);
        bench.publishGap(340, 350);
        bench.publish(350, 360);
        bench.kafka.trim(355);
        try (var into = bench.open(290)) {
            TieredReadBench.readTo(into, 300);

            refused(() -> into.poll(10, TieredReadBench.PATIENCE), ErrorCode.TRIMMED, "oldest", 350);
            refused(() -> bench.open(320), ErrorCode.TRIMMED, "oldest", 350);
            refused(() -> bench.open(345), ErrorCode.TRIMMED, "oldest", 350);
            assertThat(bench.readers.bounds(Bench.ORDERS, View.LIVE).oldest()).isEqualTo(350);
        }
    }

    @Test
    void oldestBeginsBehindAGap() {
        bench.publishGap(300, 340);
        bench.kafka.trim(340);
        try (var reader = bench.open(StartPosition.oldest())) {
            assertThat(reader.nextLsn()).isEqualTo(340);
        }
    }

    @Test
    void segmentsOfAnotherIncarnationAreRefused() {
        bench.kafka.recreate("another-log");
        bench.kafka.append(400);
        bench.kafka.trim(50);

        assertThatThrownBy(() -> bench.open(10))
                .hasMessageContaining("move the folder of " + bench.object(0) + " away")
                .isInstanceOfSatisfying(
                        WalException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
        assertThat(bench.readers.bounds(Bench.ORDERS, View.LIVE).oldest()).isEqualTo(50);
        try (var reader = bench.open(StartPosition.oldest())) {
            assertThat(reader.nextLsn()).isEqualTo(50);
        }
    }

    @Test
    void aReaderInSegmentsIsNotContinuedInAnotherIncarnation() {
        try (var reader = bench.open(0)) {
            TieredReadBench.readTo(reader, 100);
            bench.kafka.recreate("another-log");
            bench.kafka.append(500);

            TieredReadBench.readTo(reader, 250);
            refused(() -> reader.poll(10, TieredReadBench.PATIENCE), ErrorCode.NOT_FOUND);
            assertThat(reader.nextLsn()).isEqualTo(250);
        }
    }

    @Test
    void aTopicCreatedAgainWithOldSegmentsInMemoryIsNotServedThem() throws Exception {
        try (var reader = bench.open(0)) {
            TieredReadBench.readTo(reader, 400);
        }
        // The folder is moved away, and the new log is flushed under the same names.
        for (var first : new long[] {0, 100, 200}) {
            Files.delete(bench.object(first));
        }
        bench.kafka.recreate("another-log");
        bench.kafka.append(90);
        bench.publish(
                new SegmentSpec(
                        new SegmentKey(Bench.ORDERS, 0), "another-log", SegmentCodec.DEFLATE, TieredReadBench.sync(77)),
                80);
        bench.kafka.trim(70);

        try (var reader = bench.open(0)) {
            assertThat(TieredReadBench.readTo(reader, 90)).isEqualTo(bench.kafka.records());
        }
    }

    @Test
    void aLogThatEndsBeforeItsSegmentsIsADeposedLeaderAtFirstAndLossAfterAWhile() {
        var clock = new HandClock();
        try (var other =
                new TieredReadBench(folder.resolve("other"), 10, SegmentReadSettings.defaults(), clock::nanoTime)) {
            other.kafka.append(100);
            other.publish(0, 95);
            other.kafka.trim(95);
            try (var reader = other.open(80)) {
                TieredReadBench.readTo(reader, 95);
                other.kafka.hide(8);
                refused(() -> reader.poll(10, TieredReadBench.PATIENCE), ErrorCode.UNAVAILABLE);
                clock.forward(Duration.ofSeconds(31));
                refused(() -> reader.poll(10, TieredReadBench.PATIENCE), ErrorCode.DATA_LOSS);
                other.kafka.hide(0);

                var after = TieredReadBench.readTo(reader, 100);

                assertThat(after).isEqualTo(other.kafka.records(95, 100));
            }
        }
    }

    private static void readOn(WalReader reader, List<LogRecord> read) {
        while (reader.nextLsn() < 400) {
            read.addAll(reader.poll(10, TieredReadBench.PATIENCE));
        }
    }

    private static void refused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WalException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String number, long value) {
        assertThatThrownBy(call).isInstanceOfSatisfying(WalException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.problem().numbers()).containsEntry(number, value);
        });
    }
}
