package io.seawall.walkafka.internal.write;

import static io.seawall.walkafka.internal.fake.TestRecords.record;
import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.Problem;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakeLane;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.read.KafkaReaders;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests tail checks and trims by an owner, on a partition in memory. */
class TrimAndCheckTailTest {
    private final FakeKafka kafka = new FakeKafka();
    private final ManualTime time = kafka.time();
    private final FakePartition log = kafka.log();
    private final KafkaReaders readers = kafka.readers();
    private final KafkaWal wal = kafka.open(7);
    private final FakeLane laneA = kafka.lanes().get(0);

    // Tail checks

    @Test
    void anIdleLogChecksItsTailWithALeaseRecord() {
        append(3);
        time.advance(5_000);
        var before = log.live();

        var checked = wal.checkTail();

        assertThat(checked).isCompletedWithValue(3L);
        assertThat(log.live()).hasSize(before.size() + 1).endsWith("7.0 lease");
    }

    @Test
    void aBusyLogChecksItsTailWithAnAppend() {
        append(1);
        laneA.holdsAcks();
        var first = wal.append(List.of(record("b")));
        var checked = wal.checkTail();
        assertThat(checked).as("a record that was sent before does not count").isNotDone();

        laneA.acknowledgeAll();
        laneA.acknowledgeAll();

        assertThat(first).isCompleted();
        assertThat(checked).isCompletedWithValue(2L);
    }

    @Test
    void aCheckWaitsForARecordThatIsSentAfterIt() {
        append(1);
        laneA.holdsAcks();

        var checked = wal.checkTail();

        assertThat(checked).isNotDone();
        laneA.acknowledgeAll();
        assertThat(checked).isCompletedWithValue(1L);
    }

    @Test
    void manyChecksShareOneRecord() {
        append(1);
        laneA.holdsAcks();
        var first = wal.checkTail();
        var before = log.live().size();
        var more = List.of(wal.checkTail(), wal.checkTail(), wal.checkTail());

        laneA.acknowledgeAll();
        laneA.acknowledgeAll();

        assertThat(first).isCompleted();
        assertThat(more).allMatch(CompletableFuture::isDone);
        assertThat(log.live().size() - before).isLessThanOrEqualTo(3);
    }

    @Test
    void aDeposedOwnerFailsTheCheck() {
        append(2);
        try (var successor = kafka.open(8)) {
            successor.append(List.of(record("new"))).join();

            var checked = wal.checkTail();
            time.advance(5_000);

            assertThat(failure(checked).code()).isEqualTo(ErrorCode.FENCED);
            assertThat(failure(wal.checkTail()).code()).isEqualTo(ErrorCode.FENCED);
            assertThat(successor.checkTail()).isCompletedWithValue(3L);
        }
    }

    @Test
    void aCheckThatWaitedForARecoveryCompletesAfterIt() {
        append(2);
        laneA.holdsAcks();
        var checked = wal.checkTail();
        assertThat(checked).isNotDone();
        laneA.refuses(header -> true);
        var lost = wal.append(List.of(record("lost on the way")));
        laneA.acknowledgeAll();

        time.advance(5_000);

        assertThat(checked).isCompletedWithValueMatching(tail -> tail >= 2);
        assertThat(wal.epoch()).isEqualTo(1);
        assertThat(lost).as("sent again").isCompleted();
    }

    @Test
    void aClosedLogFailsTheCheck() {
        wal.close();

        assertThat(failure(wal.checkTail()).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }

    // Trim

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 9, 10})
    void keepsRecordsAtOrAboveTheLsn(int before) {
        append(10);

        var oldest = trimmed(before);

        assertThat(oldest).isEqualTo(before);
        assertThat(wal.oldest()).isEqualTo(before);
        for (var view : View.values()) {
            assertThat(readers.bounds(FakeKafka.PCHANNEL, view)).isEqualTo(new LogBounds(before, 10));
        }
        assertThat(read()).hasSize(10 - before);
    }

    @Test
    void keepsBatchesWhole() {
        append(2);
        wal.append(List.of(record("a"), record("b"), record("c"))).join();
        append(1);

        assertThat(trimmed(4)).as("2 to 4 are one batch").isEqualTo(2);
        assertThat(read()).containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void keepsABatchWholeHoweverLongTheLogIs() {
        for (var round = 0; round < 60; round++) {
            append(50);
        }
        wal.append(Collections.nCopies(1_000, record("member"))).join();
        append(10);

        assertThat(trimmed(3_999)).isEqualTo(3_000);
        assertThat(trimmed(4_001)).isEqualTo(4_001);
    }

    @Test
    void neverDeletesTheLastSnapshot() {
        append(10);

        trimmed(10);

        assertThat(log.committed())
                .as("a new snapshot")
                .contains("7.0/10 snapshot")
                .doesNotContain("7.0/0 snapshot");
        assertThat(kafka.open(8).tail()).isEqualTo(10);
    }

    @Test
    void deletesNothingBeforeTheCommittedViewHasPassedTheSnapshot() {
        append(3);
        kafka.lanes().forEach(FakeLane::holdsMarkers);

        var trim = wal.trim(3);
        time.advance(5_000);

        assertThat(trim).isNotDone();
        for (var view : View.values()) {
            assertThat(readers.bounds(FakeKafka.PCHANNEL, view).oldest()).isZero();
        }
        kafka.lanes().forEach(FakeLane::writeMarkers);
        time.advance(1_000);
        assertThat(trim).isCompletedWithValue(3L);
        for (var view : View.values()) {
            assertThat(readers.bounds(FakeKafka.PCHANNEL, view)).isEqualTo(new LogBounds(3, 3));
        }
    }

    @Test
    void aTrimRetriesWhenKafkaDoesNotAnswerWhereThePartitionEnds() {
        append(3);
        kafka.flushOffsets().fails(true);
        var trim = wal.trim(3);
        time.advance(5_000);
        assertThat(trim).isNotDone();

        kafka.flushOffsets().fails(false);
        time.advance(1_000);

        assertThat(trim).isCompletedWithValue(3L);
    }

    @Test
    void aTrimWhoseSnapshotStaysInvisibleFailsAndDeletesNothing() {
        append(3);
        kafka.lanes().forEach(FakeLane::holdsMarkers);

        var trim = wal.trim(3);
        time.advance(60_000);

        assertThat(failure(trim).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(trim)).hasMessageContaining("last stable offset");
        assertThat(wal.oldest()).isZero();
        assertThat(log.start()).isZero();
        kafka.lanes().forEach(FakeLane::writeMarkers);
        assertThat(trimmed(3)).isEqualTo(3);
    }

    @Test
    void aLaterSnapshotHasTheNewOldestLsn() {
        append(10);
        trimmed(4);
        append(1);

        trimmed(11);

        assertThat(oldestInSnapshots()).containsExactly(4L);
    }

    /** The recovery looked for the oldest LSN before the records were deleted. */
    @Test
    void theSnapshotAfterARecoveryHasTheOldestLsnOfATrimThatEndedDuringIt() {
        append(10);
        var deletion = new CompletableFuture<Void>();
        kafka.withTrimmer((pchannel, offset) -> deletion.thenCompose(ignored -> log.trim(offset)));
        var trim = wal.trim(4);
        time.advance(5_000);
        var lanes = List.copyOf(kafka.lanes());
        kafka.everyLane(lane -> lane.afterCommit(() -> {
            if (log.committed().contains("7.1/10 snapshot")) {
                deletion.complete(null);
            }
        }));

        lanes.forEach(lane -> lane.refuses(header -> true));
        append(1);
        time.advance(5_000);

        assertThat(wal.epoch()).isEqualTo(1);
        assertThat(trim).isCompletedWithValue(4L);
        trimmed(11);
        assertThat(oldestInSnapshots()).containsExactly(4L);
    }

    private List<Long> oldestInSnapshots() {
        return log.entries(Isolation.COMMITTED).stream()
                .filter(entry -> entry.header() instanceof WalHeader.Snapshot)
                .map(entry -> ControlBody.read(entry.data().value()).number("oldest", -1))
                .toList();
    }

    @Test
    void aLaterOwnerFindsTheOldestLsn() {
        append(10);
        trimmed(4);

        try (var successor = kafka.open(8)) {
            assertThat(successor.oldest()).isEqualTo(4);
            successor.append(List.of(record("new"))).join();
            assertThat(read()).hasSize(7);
        }
    }

    @Test
    void neverGoesBack() {
        append(10);
        trimmed(6);

        assertThat(trimmed(3)).isEqualTo(6);
        assertThat(wal.oldest()).isEqualTo(6);
    }

    @Test
    void refusesToTrimBeyondTheTail() {
        append(3);

        var error = failure(wal.trim(4));

        assertThat(error.code()).isEqualTo(ErrorCode.BEYOND_TAIL);
        assertThat(error.problem().numbers()).containsEntry("oldest", 0L).containsEntry("tail", 3L);
        assertThat(failure(wal.trim(-1)).code()).isEqualTo(ErrorCode.INVALID);
        assertThat(read()).hasSize(3);
    }

    @Test
    void aDeletionThatFailsMovesNothing() {
        append(3);
        kafka.withTrimmer((pchannel, offset) -> CompletableFuture.failedFuture(
                Problem.of(ErrorCode.UNAVAILABLE, "delete").exception()));

        var trim = wal.trim(2);
        time.advance(5_000);

        assertThat(failure(trim).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(wal.oldest()).isZero();
        assertThat(trim.handle((oldest, error) -> error))
                .as("what a callback gets")
                .isCompletedWithValueMatching(WalException.class::isInstance);
    }

    @Test
    void aLogThatIsOverTrimsNothing() {
        append(3);
        wal.close();

        assertThat(failure(wal.trim(2)).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(read()).hasSize(3);
    }

    @Test
    void afterRecordsAreDeletedByHandTheNextOwnerFindsTheHighestTermOrRefuses() {
        append(3);
        wal.close();
        kafka.open(9).close(); // the highest term, and nothing but its claim and snapshot
        var end = log.end(); // each attempt adds its claim
        for (var offset = 0L; offset <= end; offset++) {
            log.deleteBelow(offset);
            var higher = attempt(9);

            assertThat(higher.code()).as("deleted below %d", offset).isIn(ErrorCode.TERM_EXPIRED, ErrorCode.DATA_LOSS);
        }
    }

    @Test
    void anOperatorForcesTheTailOfALogWhoseRecordsAreGone() {
        append(3);
        wal.close();
        log.deleteBelow(log.end());
        assertThat(attempt(8).code()).isEqualTo(ErrorCode.DATA_LOSS);
        log.committed("8.0/1043 snapshot"); // see docs/operations.md

        try (var forced = kafka.open(9)) {
            assertThat(forced.tail()).isEqualTo(1_043);
            assertThat(forced.oldest()).isEqualTo(1_043);
            assertThat(forced.append(List.of(record("next"))).join().first()).isEqualTo(1_043);
            assertThat(read()).containsExactly(1_043L);
        }
    }

    private WalException attempt(long term) {
        var opening = kafka.opening(term);
        opening.start();
        time.advance(1_000);
        return failure(opening.wal());
    }

    private long trimmed(long before) {
        var trim = wal.trim(before);
        time.advance(5_000);
        return trim.join();
    }

    private List<Long> read() {
        try (var reader = readers.open(FakeKafka.PCHANNEL, StartPosition.oldest(), View.LIVE)) {
            return reader.poll(10_000, Duration.ofSeconds(1)).stream()
                    .map(LogRecord::lsn)
                    .toList();
        }
    }

    private void append(int count) {
        for (var each = 0; each < count; each++) {
            wal.append(List.of(record("v"))).join();
        }
    }
}
