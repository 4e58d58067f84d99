package io.seawall.walkafka.internal.open;

import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.RequestException;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakeLane;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.TestRecords;
import io.seawall.walkafka.internal.read.KafkaReaders;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that logs are restored from their records, on a partition in memory. */
class RestoreTest {
    private static final long TERM = 9;
    private static final long BEGUN_MS = 1_600_000_000_000L;

    private final FakeKafka kafka = new FakeKafka();
    private final FakePartition log = kafka.log();
    private final KafkaReaders readers = kafka.readers();

    @ParameterizedTest
    @ValueSource(longs = {0, 1_042})
    void readersFindEveryRecordAtItsLsn(long first) {
        var records = records(first, first + 5);

        var tail = restore(first, records);

        assertThat(tail).isEqualTo(first + 5);
        for (var view : View.values()) {
            assertThat(readers.bounds(FakeKafka.PCHANNEL, view)).isEqualTo(new LogBounds(first, first + 5));
            assertSame(read(view, StartPosition.oldest()), records);
            assertSame(read(view, StartPosition.atLsn(first + 3)), records.subList(3, 5));
        }
    }

    @Test
    void keepsKeysHeadersAndNulls() {
        var headers = List.of(new Header("h", null), new Header("h", new byte[] {1}));
        var records = List.of(
                new LogRecord(5, 3, BEGUN_MS, 77, new WalRecord(new byte[0], null, headers)),
                new LogRecord(6, 4, BEGUN_MS + 1, 78, new WalRecord(null, new byte[0], List.of())));

        restore(5, records);

        assertSame(read(View.COMMITTED, StartPosition.oldest()), records);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_042})
    void aRestoredLogCanBeOpenedAndAppendedTo(long first) {
        restore(first, records(first, first + 5));

        try (var wal = kafka.open(TERM + 1)) {
            assertThat(wal.oldest()).isEqualTo(first);
            assertThat(wal.tail()).isEqualTo(first + 5);
            assertThat(wal.append(List.of(TestRecords.record("new"))).join().first())
                    .isEqualTo(first + 5);
            assertThat(read(View.LIVE, StartPosition.oldest()))
                    .extracting(LogRecord::lsn)
                    .containsExactlyElementsOf(
                            LongStream.range(first, first + 6).boxed().toList());
        }
    }

    @ParameterizedTest
    @MethodSource("unwritableRecords")
    void refusesAnUnwritableRecordBeforeItChangesTheLog(LogRecord record, String found) {
        assertThatThrownBy(() -> restore(5, List.of(record)))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("LSN 5")
                .hasMessageContaining(found);

        assertThat(log.end()).isZero();
    }

    static Stream<Arguments> unwritableRecords() {
        return Stream.of(
                Arguments.of(withHeader("wal"), "'wal'"),
                Arguments.of(withHeader("wal-w"), "'wal-w'"),
                Arguments.of(withHeader("h\ud800"), "surrogate"),
                Arguments.of(new LogRecord(5, 3, -1, 77, TestRecords.record("x")), "timestamp -1"));
    }

    private static LogRecord withHeader(String name) {
        return new LogRecord(5, 3, BEGUN_MS, 77, new WalRecord(null, null, List.of(new Header(name, null))));
    }

    @Test
    void aRestoreOfNoRecordsForcesTheTail() {
        assertThat(restore(1_043, List.of())).isEqualTo(1_043);

        try (var wal = kafka.open(TERM + 1)) {
            assertThat(wal.tail()).isEqualTo(1_043);
            assertThat(wal.oldest()).isEqualTo(1_043);
        }
        assertThat(failure(() -> readers.open(FakeKafka.PCHANNEL, StartPosition.atLsn(1_042), View.LIVE))
                        .code())
                .isEqualTo(ErrorCode.TRIMMED);
    }

    @Test
    void restoresALogThatLostAllItsRecords() {
        log.committed("6.0/0 snapshot", "6.0/0", "6.0/1");
        log.deleteBelow(log.end());

        restore(2, List.of());

        try (var wal = kafka.open(TERM + 1)) {
            assertThat(wal.tail()).isEqualTo(2);
        }
    }

    @Test
    void takesALogWithoutRecordsFromItsOwner() {
        var owner = kafka.open(7);

        restore(1_042, records(1_042, 1_044));

        var refused = owner.append(List.of(TestRecords.record("late")));
        kafka.time().advance(5_000);
        assertThat(failure(refused).code()).isEqualTo(ErrorCode.FENCED);
        assertThat(read(View.LIVE, StartPosition.oldest())).hasSize(2);
    }

    @Test
    void aTermThatTheLogHasSeenIsRefused() {
        kafka.open(TERM).close();

        assertThat(failure(() -> restore(5, records(5, 6))).code()).isEqualTo(ErrorCode.TERM_EXPIRED);
    }

    @Test
    void theTermOfARestoreIsUsedUp() {
        restore(5, records(5, 6));

        var opening = kafka.opening(TERM);
        opening.start();

        assertThat(failure(opening.wal()).code()).isEqualTo(ErrorCode.TERM_EXPIRED);
    }

    @Test
    void refusesALogWithACommittedRecord() {
        log.committed("6.0/0 snapshot", "6.0/0");

        assertRefused("a record with LSN 0", () -> restore(0, records(0, 3)));
    }

    @Test
    void refusesALogWithARecordThatIsOnlyAcknowledged() {
        log.committed("6.0/0 snapshot");
        log.aborted("6.0/0");

        assertRefused("a record with LSN 0", () -> restore(0, records(0, 3)));
    }

    @Test
    void refusesATrimmedLogWhoseTailIsNotTheFirstLsn() {
        log.committed("6.0/0 snapshot", "6.0/0");
        log.committed("6.0/1 snapshot");
        log.deleteBelow(3);

        assertRefused("a log whose tail is 1", () -> restore(5, List.of()));
    }

    private void assertRefused(String found, ThrowingCallable restore) {
        var before = log.committed();

        var error = failure(restore);

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error).hasMessageContaining(found).hasMessageContaining("delete this one and create it again");
        assertThat(log.committed()).as("all but a claim").containsAll(before).hasSize(before.size() + 1);
    }

    @Test
    void refusesAGapAndStatesTheLsnAfterIt() {
        var records = new ArrayList<>(records(5, 8));
        records.addAll(records(10, 12));

        var error = failure(() -> restore(5, records));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error.problem().numbers()).containsEntry("restorableFrom", 10L);
        assertThat(error)
                .hasMessageContaining("LSN 10 after LSN 7")
                .hasMessageContaining("restored from LSN 10 on")
                .hasMessageContaining("delete the topic");
    }

    @Test
    void refusesAFirstRecordThatDoesNotFitBeforeItChangesTheLog() {
        assertThat(failure(() -> restore(5, records(6, 8))).code()).isEqualTo(ErrorCode.INVALID);
        assertThat(failure(() -> restore(5, List.of(new LogRecord(5, TERM, 0, 0, TestRecords.record("r")))))
                        .code())
                .isEqualTo(ErrorCode.INVALID);
        assertThat(failure(() -> restore(-1, List.of())).code()).isEqualTo(ErrorCode.INVALID);

        assertThat(log.end()).isZero();
        assertThat(kafka.lanes()).isEmpty();
    }

    @Test
    void everyTransactionIsBoundedAndEndsWithASnapshot() {
        var records = LongStream.range(7, 27)
                .mapToObj(lsn -> new LogRecord(lsn, 3, BEGUN_MS + lsn, 0, WalRecord.of(new byte[2 * 1024 * 1024])))
                .toList();

        restore(7, records);

        var headers = log.committed();
        assertThat(headers).filteredOn(header -> header.endsWith("snapshot")).hasSizeGreaterThan(2);
        var inOne = 0;
        for (var header : headers) {
            inOne = header.endsWith("snapshot") ? 0 : inOne + 1;
            assertThat(inOne).as("records of 2 MiB in a transaction").isLessThanOrEqualTo(9);
        }
        assertThat(headers).endsWith("9.0/27 snapshot");
    }

    /** Otherwise the log would show no stamp for a moment, and an opener with a lower term could fence the restore. */
    @Test
    void deletesNothingBeforeItsLeaseIsVisible() {
        kafka.everyLane(FakeLane::holdsMarkers);
        writeMarkersWithEachFetch();
        var visible = new ArrayList<String>();
        kafka.withTrimmer((pchannel, offset) -> {
            visible.addAll(log.committed());
            return log.trim(offset);
        });

        restore(7, records(7, 12));

        assertThat(visible).containsExactly("9.0 claim", "9.0 lease");
    }

    private void writeMarkersWithEachFetch() {
        log.nextFetch(() -> {
            kafka.lanes().forEach(FakeLane::writeMarkers);
            writeMarkersWithEachFetch();
        });
    }

    @Test
    void aReadByTimeStartsAtThatTime() {
        var records = records(7, 12);

        restore(7, records);

        assertSame(read(View.LIVE, StartPosition.atTime(Instant.ofEpochMilli(BEGUN_MS + 9))), records.subList(2, 5));
        assertThat(log.entries(Isolation.COMMITTED))
                .as("timestamps never go back")
                .isSortedAccordingTo((one, other) -> Long.compare(one.timestampMs(), other.timestampMs()));
    }

    @ParameterizedTest
    @EnumSource(
            names = {"FENCED", "UNAVAILABLE", "TOO_LARGE"},
            value = LaneFault.Kind.class)
    void aRestoreThatFailsLeavesALogThatCannotBeOpened(LaneFault.Kind kind) {
        kafka.everyLane(lane -> lane.refusesLsn(8).refusesWith(kind));

        var error = failure(() -> restore(7, records(7, 12)));

        assertThat(error).hasMessageContaining("delete the topic, create it again");
        assertThat(error.problem().numbers()).containsEntry("restoredBelow", 7L);
        kafka.everyLane(lane -> lane);
        var opening = kafka.opening(TERM + 1);
        opening.start();
        assertThat(failure(opening.wal()).code()).isEqualTo(ErrorCode.DATA_LOSS);
        assertThat(failure(opening.wal()))
                .hasMessageContaining("began to restore and did not finish")
                .hasMessageContaining("delete the topic");
        assertThat(kafka.lanes()).allMatch(lane -> lane.closes() > 0);
    }

    @Test
    void throwsTheErrorOfTheSourceAndLeavesALogThatCannotBeOpened() {
        var broken = new Iterator<LogRecord>() {
            private final Iterator<LogRecord> first = records(0, 3).iterator();

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public LogRecord next() {
                if (first.hasNext()) {
                    return first.next();
                }
                throw new IllegalStateException("the disk is gone");
            }
        };

        assertThatThrownBy(() -> restorer().restore(FakeKafka.PCHANNEL, TERM, 0, broken))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the disk is gone");

        var opening = kafka.opening(TERM + 1);
        opening.start();
        assertThat(failure(opening.wal()).code()).isEqualTo(ErrorCode.DATA_LOSS);
    }

    /** The process dies at one of its commits. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aCrashAtAnyCommitLeavesALogThatIsEmptyOrRefused(int commit) {
        var commits = new int[1];
        kafka.everyLane(lane -> lane.beforeCommit(() -> {
            if (++commits[0] == commit) {
                throw new IllegalStateException("killed");
            }
        }));
        var big = LongStream.range(7, 17)
                .mapToObj(lsn -> new LogRecord(lsn, 3, BEGUN_MS + lsn, 0, WalRecord.of(new byte[2 * 1024 * 1024])))
                .toList();

        assertThatThrownBy(() -> restore(7, big)).hasMessageContaining("killed");

        kafka.everyLane(lane -> lane);
        var tailAgain = CompletableFuture.supplyAsync(
                () -> restorer().restore(FakeKafka.PCHANNEL, TERM + 1, 7, big.iterator()), Runnable::run);
        if (commit <= 3) {
            assertThat(tailAgain)
                    .as("no record was sent, so a restore starts anew")
                    .isCompletedWithValue(17L);
            assertThat(read(View.COMMITTED, StartPosition.oldest())).hasSize(10);
        } else {
            assertThat(failure(tailAgain)).hasMessageContaining("delete this one and create it again");
            var opening = kafka.opening(TERM + 2);
            opening.start();
            assertThat(failure(opening.wal()).code()).isEqualTo(ErrorCode.DATA_LOSS);
        }
    }

    @Test
    void aClosedRestorerRefuses() {
        var restorer = restorer();
        restorer.close();

        assertThat(failure(() -> restorer.restore(FakeKafka.PCHANNEL, TERM, 0, Collections.emptyIterator()))
                        .code())
                .isEqualTo(ErrorCode.SHUTTING_DOWN);
    }

    private Restorer restorer() {
        return new Restorer(kafka.shared());
    }

    private long restore(long first, List<LogRecord> records) {
        kafka.lanes().clear();
        return restorer().restore(FakeKafka.PCHANNEL, TERM, first, records.iterator());
    }

    private static List<LogRecord> records(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(lsn ->
                        new LogRecord(lsn, 3, BEGUN_MS + lsn, 2 * lsn, WalRecord.of(("r" + lsn).getBytes(US_ASCII))))
                .toList();
    }

    private List<LogRecord> read(View view, StartPosition from) {
        var all = new ArrayList<LogRecord>();
        try (var reader = readers.open(FakeKafka.PCHANNEL, from, view)) {
            for (var some = reader.poll(100, Duration.ZERO);
                    !some.isEmpty();
                    some = reader.poll(100, Duration.ofMillis(10))) {
                all.addAll(some);
            }
        }
        return all;
    }

    private static void assertSame(List<LogRecord> found, List<LogRecord> expected) {
        assertThat(found)
                .extracting(LogRecord::lsn, LogRecord::term, LogRecord::timestampMs, LogRecord::data)
                .isEqualTo(expected.stream()
                        .map(each -> tuple(each.lsn(), each.term(), each.timestampMs(), each.data()))
                        .toList());
    }
}
