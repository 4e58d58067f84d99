package io.seawall.walkafka.internal.write;

import static io.seawall.walkafka.internal.fake.TestRecords.record;
import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushProgress;
import io.seawall.wal.OperatorException;
import io.seawall.walkafka.internal.fake.FakeFlushOffsets;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakeLane;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.open.FlushOffsetCounts;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the flusher's progress in a log: its store in the snapshots, and its position in the offsets of a group. */
class FlushProgressTest {
    private static final long SECOND_MS = FlushOffsetCommitter.BETWEEN_COMMITS_MS;

    private final FakeKafka kafka = new FakeKafka();
    private final ManualTime time = kafka.time();
    private final FakePartition log = kafka.log();
    private final FakeFlushOffsets group = kafka.flushOffsets();
    private final KafkaWal wal = kafka.open(7);
    private final FlushProgress progress = wal.progress();
    private final FakeLane laneA = kafka.lanes().get(0);

    // The store

    @Test
    void aLogHasAnotherIdThanTheOneThatIsCreatedAfterIt() {
        assertThat(wal.logId()).isEqualTo("id-1");
        assertThat(kafka.readers().logId(FakeKafka.PCHANNEL)).isEqualTo("id-1");

        kafka.withTopicId("id-2");

        assertThat(wal.logId()).isEqualTo("id-1");
        assertThat(kafka.readers().logId(FakeKafka.PCHANNEL)).isEqualTo("id-2");
    }

    @Test
    void aNewLogIsBoundToNoStore() {
        assertThat(progress.storeId()).isEmpty();
        assertThat(namedBySnapshots()).containsExactly("none");
    }

    @Test
    void bindingWritesASnapshotAndDoesNotWaitForTheLeaseToEnd() {
        var bound = progress.bindStore("s-1");

        assertThat(bound).isCompleted();
        assertThat(progress.storeId()).contains("s-1");
        assertThat(namedBySnapshots()).containsExactly("none", "s-1");
    }

    @Test
    void aLogIsBoundOnlyOnceTheSnapshotIsCommitted() {
        laneA.holdsCommits();
        var bound = progress.bindStore("s-1");
        assertThat(laneA.isCommitting()).isTrue();
        assertThat(bound).isNotDone();
        assertThat(progress.storeId()).isEmpty();

        laneA.finishCommit();

        assertThat(bound).isCompleted();
        assertThat(progress.storeId()).contains("s-1");
    }

    @Test
    void bindingAgainWritesNothing() {
        assertThat(progress.bindStore("s-1")).isCompleted();
        var before = log.live();

        assertThat(progress.bindStore("s-1")).isCompleted();

        assertThat(log.live()).isEqualTo(before);
    }

    @Test
    void twoBindingsAtOnceWaitForTheSameCommit() {
        laneA.holdsCommits();
        var first = progress.bindStore("s-1");
        var second = progress.bindStore("s-1");
        assertThat(second).isNotDone();

        laneA.finishCommit();
        while (laneA.isCommitting()) {
            laneA.finishCommit();
        }

        assertThat(List.of(first, second)).allMatch(CompletableFuture::isDone);
    }

    @Test
    void anotherStoreIsRefusedByName() {
        assertThat(progress.bindStore("s-1")).isCompleted();

        var error = failure(progress.bindStore("s-2"));

        assertThat(error).isInstanceOf(OperatorException.class);
        assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(error)
                .hasMessageContaining("found a log whose segments are in store s-1")
                .hasMessageContaining("expected store s-2")
                .hasMessageContaining("segments.root");
        assertThat(progress.storeId()).contains("s-1");
    }

    @Test
    void anotherStoreIsRefusedBeforeTheFirstOneIsCommitted() {
        laneA.holdsCommits();
        var first = progress.bindStore("s-1");

        assertThat(failure(progress.bindStore("s-2"))).hasMessageContaining("store s-1");

        laneA.finishCommit();
        assertThat(first).isCompleted();
    }

    @Test
    void everyLaterSnapshotRepeatsTheStore() {
        assertThat(progress.bindStore("s-1")).isCompleted();
        append(2);
        assertThat(wal.trim(2)).isCompleted();

        assertThat(namedBySnapshots()).containsExactly("s-1");
        assertThat(log.committed()).anyMatch(header -> header.equals("7.0/2 snapshot"));
    }

    @Test
    void aSuccessorKnowsTheStoreAndRepeatsIt() {
        assertThat(progress.bindStore("s-1")).isCompleted();

        try (var successor = kafka.open(8)) {
            assertThat(successor.progress().storeId()).contains("s-1");
            assertThat(namedBySnapshots()).endsWith("s-1").hasSize(3);
            assertThat(failure(successor.progress().bindStore("s-2"))).hasMessageContaining("store s-1");

            assertThat(successor.append(List.of(record("r")))).isCompleted();
            assertThat(successor.trim(1)).as("by a snapshot of its own").isCompleted();
            assertThat(log.committed()).endsWith("8.0/1 snapshot");
            assertThat(namedBySnapshots()).containsExactly("s-1");
        }
    }

    @Test
    void aSuccessorDoesNotKnowAStoreThatWasNeverCommitted() {
        laneA.holdsCommits();
        var bound = progress.bindStore("s-1");
        assertThat(bound).isNotDone();

        try (var successor = kafka.open(8)) {
            assertThat(successor.progress().storeId()).isEmpty();
            assertThat(successor.progress().bindStore("s-2")).isCompleted();
        }
    }

    @Test
    void theSnapshotOfARecoveryRepeatsTheStoreToo() {
        assertThat(progress.bindStore("s-1")).isCompleted();
        append(1);

        breakLane();

        assertThat(wal.epoch()).isEqualTo(1);
        assertThat(progress.storeId()).contains("s-1");
        assertThat(namedBySnapshots()).endsWith("s-1").hasSize(3);
    }

    @Test
    void aBindingThatALaneLostIsWrittenByTheNextWriter() {
        laneA.refuses(header -> header.kind() == WalHeader.Kind.SNAPSHOT);

        var bound = progress.bindStore("s-1");
        time.advance(5_000);

        assertThat(wal.epoch()).isEqualTo(1);
        assertThat(bound).isCompleted();
        assertThat(progress.storeId()).contains("s-1");
    }

    @Test
    void aLogThatIsOverCannotBeBound() {
        laneA.holdsCommits();
        var waiting = progress.bindStore("s-1");
        try (var successor = kafka.open(8)) {
            assertThat(successor.append(List.of(record("new")))).isCompleted();
            laneA.finishCommit();
            time.advance(5_000);

            assertThat(failure(waiting).code()).isEqualTo(ErrorCode.FENCED);
            assertThat(failure(progress.bindStore("s-1")).code()).isEqualTo(ErrorCode.FENCED);
        }
    }

    @Test
    void aSnapshotFromBeforeStoresWereNamedStaysReadable() {
        log.committed("8.0/0 snapshot");

        try (var successor = kafka.open(9)) {
            assertThat(successor.progress().storeId()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 201})
    void aStoreIdOfAnImpossibleLengthIsABug(int length) {
        assertThatThrownBy(() -> progress.bindStore("x".repeat(length))).isInstanceOf(IllegalArgumentException.class);
    }

    // The position

    @Test
    void commitsTheOffsetAfterTheLastFlushedRecord() {
        append(3);
        time.advance(5_000);
        append(1); // sent and not flushed

        var recorded = progress.flushed(3, offsetOf(2) + 1);

        assertThat(recorded).isCompleted();
        assertThat(group.committed()).containsExactly(offsetOf(2) + 1);
    }

    @Test
    void aLogThatIsAllFlushedAndIdleHasNoLag() {
        append(3);
        time.advance(5_000); // the lease is committed: a marker

        report(progress.flushed(3, offsetOf(2) + 1));

        assertThat(group.lag()).isZero();
    }

    @Test
    void aLogThatIsAllFlushedHasNoLagEvenIfTheOffsetIsNotKnown() {
        append(3);
        time.advance(5_000);

        report(progress.flushed(3));

        assertThat(group.lag()).isZero();
    }

    @Test
    void aPositionInTheMiddleIsNotCommittedIfItsOffsetIsNotKnown() {
        append(3);
        time.advance(5_000);

        assertThat(progress.flushed(2)).isCompleted();

        assertThat(group.committed()).isEmpty();
    }

    @Test
    void aRecordThatIsSentWhileTheEndIsReadCountsAsLag() {
        append(3);
        time.advance(5_000);
        var sent = new ArrayList<CompletableFuture<?>>();
        group.afterEnds(() -> sent.add(wal.append(List.of(record("r")))));

        var recorded = progress.flushed(3, offsetOf(2) + 1);

        assertThat(recorded).isCompleted();
        assertThat(sent).hasSize(1).allMatch(CompletableFuture::isDone);
        assertThat(group.committed()).containsExactly(offsetOf(2) + 1);
    }

    @Test
    void theEndIsReadAgainIfAMarkerIsMissing() {
        append(3);
        time.advance(5_000);
        group.missMarkers(2);

        report(progress.flushed(3, offsetOf(2) + 1));
        assertThat(group.lag()).isEqualTo(1);
        time.advance(5 * SECOND_MS);

        assertThat(group.lag()).isZero();
        assertThat(group.committed()).hasSize(3);
    }

    @Test
    void controlRecordsOfAnIdleLogAreNoLag() {
        append(3);
        time.advance(5_000);
        report(progress.flushed(3, offsetOf(2) + 1));
        var before = log.end();

        assertThat(wal.trim(3)).as("by a snapshot").isCompleted();
        time.advance(5 * SECOND_MS);

        assertThat(log.end()).isGreaterThan(before);
        assertThat(group.lag()).isZero();
    }

    @Test
    void aRecoveryIsNoLagEither() {
        append(3);
        time.advance(5_000);
        report(progress.flushed(3, offsetOf(2) + 1));

        breakLane();
        assertThat(wal.tail()).isEqualTo(4);
        report(progress.flushed(4, offsetOf(3) + 1));
        time.advance(5 * SECOND_MS);

        assertThat(group.lag()).isZero();
    }

    @Test
    void onlyOneRequestIsInProgressAndTheNewestPositionFollows() {
        append(9);
        time.advance(5_000);
        append(1);
        group.holds();

        var first = progress.flushed(1, 11);
        var second = progress.flushed(2, 12);
        var third = progress.flushed(3, 13);
        time.advance(5 * SECOND_MS);
        assertThat(group.committed()).containsExactly(11L);
        assertThat(first).isNotDone();
        group.answer();
        assertThat(first).isCompleted();
        time.advance(SECOND_MS);

        assertThat(group.committed()).containsExactly(11L, 13L);
        group.answer();
        assertThat(List.of(second, third)).allMatch(CompletableFuture::isDone);
    }

    @Test
    void noMoreThanOneRequestASecond() {
        append(100);
        time.advance(5_000);
        append(1);

        for (var lsn = 1; lsn <= 100; lsn++) {
            var unused = progress.flushed(lsn, 10 + lsn);
            time.advance(50);
        }

        assertThat(group.committed()).hasSizeBetween(4, 6);
    }

    @Test
    void aReportThatIsOlderThanTheLastOneIsNotCommitted() {
        append(9);
        time.advance(5_000);
        append(1);
        report(progress.flushed(5, 15));

        var late = progress.flushed(4, 14);
        time.advance(5 * SECOND_MS);

        assertThat(late).isCompleted();
        assertThat(group.committed()).doesNotContain(14L);
    }

    @Test
    void aCommitThatFailsDoesNotDisturbTheLogAndIsRepeated() {
        append(3);
        time.advance(5_000);
        group.fails(true);

        assertThat(progress.flushed(3, offsetOf(2) + 1)).isCompleted();
        time.advance(3 * SECOND_MS);
        append(1);
        assertThat(wal.tail()).isEqualTo(4);
        assertThat(wal.ended()).isNotDone();
        time.advance(5_000);
        group.fails(false);
        report(progress.flushed(4, offsetOf(3) + 1));

        assertThat(group.lag()).isZero();
    }

    @Test
    void aCommitThatFailsIsNotRepeatedForEver() {
        var counts = new FlushOffsetCounts();
        assertThat(counts.failed()).as("the first one is reported").isTrue();
        append(3);
        time.advance(5_000);
        group.fails(true);
        var unused = progress.flushed(3, offsetOf(2) + 1);

        time.advance(600 * SECOND_MS);
        group.fails(false);
        time.advance(600 * SECOND_MS);

        assertThat(group.committed()).isEmpty();
    }

    @Test
    void failuresAreCountedAndOnlyTheFirstOfASeriesIsLogged() {
        var counts = new FlushOffsetCounts();

        assertThat(counts.failed()).isTrue();
        assertThat(counts.failed()).isFalse();
        counts.succeeded();
        assertThat(counts.failed()).isTrue();
        assertThat(counts.failures()).isEqualTo(3);
    }

    @Test
    void reportsToALogThatIsOverAreAnsweredAtOnce() {
        append(9);
        time.advance(5_000);
        append(1);
        group.holds();
        var under = progress.flushed(1, 11);
        var behind = progress.flushed(2, 12);

        wal.close();

        assertThat(List.of(under, behind, progress.flushed(3, 13))).allMatch(CompletableFuture::isDone);
        time.advance(5 * SECOND_MS);
        assertThat(group.committed()).containsExactly(11L);
    }

    /** Moves the time past the pause after an earlier report. */
    private void report(CompletableFuture<Void> recorded) {
        if (!recorded.isDone()) {
            time.advance(SECOND_MS);
        }
        assertThat(recorded).isCompleted();
    }

    private void append(int records) {
        for (var count = 0; count < records; count++) {
            assertThat(wal.append(List.of(record("r")))).isCompleted();
        }
    }

    /** Makes a lane fail and the log recover. */
    private void breakLane() {
        kafka.lanes().forEach(lane -> lane.refusesLsn(wal.tail()));
        var lost = wal.append(List.of(record("lost on the way")));
        time.advance(5_000);
        assertThat(lost).isCompleted();
    }

    private long offsetOf(long lsn) {
        return log.entries(Isolation.COMMITTED).stream()
                .filter(entry -> entry.header() instanceof WalHeader.Data && entry.lsn() == lsn)
                .mapToLong(LogEntry::offset)
                .findFirst()
                .orElseThrow();
    }

    private List<String> namedBySnapshots() {
        return log.entries(Isolation.COMMITTED).stream()
                .filter(entry -> entry.header() instanceof WalHeader.Snapshot)
                .map(entry -> Objects.requireNonNullElse(
                        ControlBody.read(entry.data().value()).storeId(), "none"))
                .toList();
    }
}
