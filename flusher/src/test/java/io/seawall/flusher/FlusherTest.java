package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlusherTest {
    private static final int TEN_BYTE_RECORDS_PER_SEGMENT = (int) (Bench.SEGMENT_BYTES / 10);

    @TempDir
    Path folder;

    private Bench bench;
    private Flusher flusher;

    @BeforeEach
    void makeBench() {
        bench = new Bench(folder);
        flusher = bench.flusher();
    }

    @Test
    void sealsBySizeAtTheRecordThatReachesIt() throws Exception {
        bench.log.fill(2 * TEN_BYTE_RECORDS_PER_SEGMENT + 1);

        flusher.register(bench.log.wal(7));
        bench.run(flusher);

        assertThat(bench.segments.list(Bench.ORDERS))
                .extracting(SegmentInfo::recordCount)
                .containsExactly(100L, 100L);
        assertThat(flusher.flushed(Bench.ORDERS)).hasValue(200);
    }

    @Test
    void sealsByAgeOfTheFirstRecord() throws Exception {
        flusher.register(bench.log.wal(7));
        bench.log.fill(1);
        bench.run(flusher);
        bench.log.fill(1);
        bench.pass(Bench.SEGMENT_AGE.minusMillis(1), flusher);
        assertThat(bench.flushedLsns()).isEmpty();

        bench.pass(Duration.ofMillis(1), flusher);

        assertThat(bench.flushedLsns()).containsExactly(0L, 1L);
    }

    @Test
    void flushCommitsAndSealsWhatWasAcknowledged() throws Exception {
        flusher.register(bench.log.wal(7));
        bench.run(flusher);
        bench.log.append(7, WalRecord.of(new byte[] {1}), WalRecord.of(new byte[] {2}));

        var flushed = flusher.flush(Bench.ORDERS);
        bench.run(flusher);

        assertThat(flushed).isCompletedWithValue(2L);
        assertThat(bench.flushedLsns()).containsExactly(0L, 1L);
    }

    @Test
    void flushOfAnEmptyLogCompletesAndPublishesNothing() {
        flusher.register(bench.log.wal(7));

        var flushed = flusher.flush(Bench.ORDERS);
        bench.run(flusher);

        assertThat(flushed).isCompletedWithValue(0L);
        assertThat(bench.store.puts()).isZero();
    }

    @Test
    void flushOfAFlushedLogCompletesAndPublishesNothingMore() {
        flusher.register(bench.log.wal(7));
        bench.log.fill(5);
        var first = flusher.flush(Bench.ORDERS);
        bench.run(flusher);

        var second = flusher.flush(Bench.ORDERS);
        bench.run(flusher);

        assertThat(first).isCompletedWithValue(5L);
        assertThat(second).isCompletedWithValue(5L);
        assertThat(bench.store.puts()).isEqualTo(1);
    }

    @Test
    void continuesWhereAnEarlierFlusherEnded() throws Exception {
        flusher.register(bench.log.wal(7));
        bench.log.fill(30);
        bench.ask(flusher);
        bench.run(flusher);
        flusher.close();
        bench.log.fill(30);

        var next = bench.flusher();
        next.register(bench.log.wal(8));
        bench.ask(next);
        bench.run(next);

        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
        assertThat(bench.segments.verify(Bench.ORDERS).ok()).isTrue();
    }

    @Test
    void flushesAgainTheRecordsThatACrashLeftInTheSpool() throws Exception {
        bench.store.failNextPuts(1);
        flusher.register(bench.log.wal(7));
        bench.log.fill(30);
        bench.ask(flusher);
        bench.run(flusher);
        assertThat(bench.spoolFiles()).hasSize(1);
        bench.crash();

        var next = bench.flusher();
        next.register(bench.log.wal(8));
        bench.ask(next);
        bench.run(next);

        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
    }

    @Test
    void aLostAnswerAfterASuccessfulPutPublishesOnce() throws Exception {
        bench.store.loseNextAnswers(1);
        flusher.register(bench.log.wal(7));
        bench.log.fill(30);
        var flushed = flusher.flush(Bench.ORDERS);
        bench.run(flusher);
        assertThat(flushed).isNotDone();

        bench.pass(Duration.ofSeconds(1), flusher);

        assertThat(flushed).isCompletedWithValue(30L);
        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
    }

    @Test
    void theLoserOfARaceContinuesBehindTheWinnersShorterSegment() throws Exception {
        bench.log.fill(30);
        flusher.register(bench.log.wal(8));
        var flushed = flusher.flush(Bench.ORDERS);
        // Our segment has thirty records and reaches the store second.
        bench.store.beforeNextPut(() -> bench.publishAsRival(0, 10));

        bench.run(flusher);

        assertThat(flushed).isCompletedWithValue(30L);
        assertThat(bench.segments.list(Bench.ORDERS))
                .extracting(SegmentInfo::recordCount)
                .containsExactly(10L, 20L);
        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
    }

    @Test
    void theLoserOfARaceContinuesBehindTheWinnersLongerSegment() throws Exception {
        var zombie = bench.flusher();
        zombie.register(bench.log.wal(7));
        bench.log.fill(10);
        bench.ask(zombie);
        bench.store.failNextPuts(1);
        bench.run(zombie);
        bench.log.fill(20);
        var owner = bench.flusher(bench.local);
        owner.register(bench.log.wal(8));
        bench.ask(owner);
        bench.run(owner);

        bench.pass(Duration.ofSeconds(1), zombie, owner);

        assertThat(zombie.flushed(Bench.ORDERS)).hasValue(30);
        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
    }

    @Test
    void anUnreachableStoreIsTriedAgainWithGrowingPauses() {
        bench.store.failNextLooks(3);
        flusher.register(bench.log.wal(7));
        bench.run(flusher);
        var first = flusher.status(Bench.ORDERS).orElseThrow();

        bench.pass(Duration.ofMillis(200), flusher);
        var second = flusher.status(Bench.ORDERS).orElseThrow();
        bench.pass(Duration.ofMillis(399), flusher);
        var stillSecond = flusher.status(Bench.ORDERS).orElseThrow();
        bench.pass(Duration.ofSeconds(5), flusher);
        bench.pass(Duration.ofSeconds(5), flusher);

        assertThat(first.failures()).isEqualTo(1);
        assertThat(first.error()).map(WalException::code).hasValue(ErrorCode.UNAVAILABLE);
        assertThat(second.failures()).isEqualTo(2);
        assertThat(stillSecond.failures()).isEqualTo(2);
        var healed = flusher.status(Bench.ORDERS).orElseThrow();
        assertThat(healed.failures()).isZero();
        assertThat(healed.error()).isEmpty();
        assertThat(healed.flushedLsn()).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void aReaderThatFailsForAWhileLosesNothing() throws Exception {
        flusher.register(bench.log.wal(7));
        bench.log.fill(10);
        bench.run(flusher);
        bench.log.failNextRead(Problem.of(ErrorCode.UNAVAILABLE, "read").exception());
        bench.log.fill(10);
        bench.run(flusher);
        var flushed = flusher.flush(Bench.ORDERS);

        bench.pass(Duration.ofSeconds(1), flusher);

        assertThat(flushed).isCompletedWithValue(20L);
        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
    }

    @Test
    void dataLossStopsThatPChannelAndFailsRequests() {
        flusher.register(bench.log.wal(7));
        bench.log.fill(10);
        bench.log.lose(5);

        var flushed = flusher.flush(Bench.ORDERS);
        bench.run(flusher);

        var status = flusher.status(Bench.ORDERS).orElseThrow();
        assertThat(status.state()).isEqualTo(FlushStatus.State.STOPPED);
        assertCode(flushed, ErrorCode.DATA_LOSS);
        assertCode(flusher.flush(Bench.ORDERS), ErrorCode.DATA_LOSS);
        assertThat(bench.store.puts()).isZero();
        assertThat(bench.log.openReaders()).isZero();
    }

    /** Its owner takes the log back behind them, so this is no end of the log. */
    @Test
    void recordsOfAnotherProgramDelayFlushingAndDoNotEndIt() throws Exception {
        flusher.register(bench.log.wal(7));
        bench.log.fill(10);
        bench.run(flusher);
        bench.log.failNextRead(Problem.of(ErrorCode.FORGED, "read").exception());
        bench.log.fill(10);
        var flushed = flusher.flush(Bench.ORDERS);
        bench.run(flusher);
        var held = flusher.status(Bench.ORDERS).orElseThrow();

        bench.pass(Duration.ofSeconds(1), flusher);

        assertThat(held.error().orElseThrow().code()).isEqualTo(ErrorCode.FORGED);
        assertThat(held.state()).isNotEqualTo(FlushStatus.State.STOPPED);
        assertThat(flushed).isCompletedWithValue(20L);
        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
    }

    @Test
    void recordsTrimmedBeforeTheyWereFlushedBecomeAGap() throws Exception {
        bench.log.fill(100);
        flusher.register(bench.log.wal(7));
        bench.run(flusher);
        flusher.close();
        bench.log.fill(50);
        bench.log.trimTo(120);

        var next = bench.flusher();
        next.register(bench.log.wal(8));
        bench.ask(next);
        bench.run(next);

        assertThat(bench.segments.list(Bench.ORDERS))
                .extracting(SegmentInfo::firstLsn, SegmentInfo::lastLsn, SegmentInfo::isGap)
                .containsExactly(tuple(0L, 99L, false), tuple(100L, 119L, true), tuple(120L, 149L, false));
        assertThat(bench.segments.verify(Bench.ORDERS).ok()).isTrue();
        assertThat(next.status(Bench.ORDERS).orElseThrow().error()).isEmpty();
    }

    @Test
    void aGapThatLosesTheRaceGivesWayToTheRecords() throws Exception {
        bench.log.fill(100);
        bench.log.trimTo(60);
        flusher.register(bench.log.wal(8));
        // A zombie that read the records before the trim.
        bench.store.beforeNextPut(() -> bench.publishAsRival(0, 40));

        bench.ask(flusher);
        bench.run(flusher);
        bench.pass(Duration.ofSeconds(1), flusher);
        bench.pass(Duration.ofSeconds(1), flusher);

        assertThat(bench.segments.list(Bench.ORDERS))
                .extracting(SegmentInfo::firstLsn, SegmentInfo::lastLsn, SegmentInfo::isGap)
                .containsExactly(tuple(0L, 39L, false), tuple(40L, 59L, true), tuple(60L, 99L, false));
    }

    @Test
    void aZombieWhoseNextRecordWasFlushedAndTrimmedContinuesBehindIt() throws Exception {
        var zombie = bench.flusher();
        zombie.register(bench.log.wal(7));
        bench.run(zombie);
        var owner = bench.flusher();
        owner.register(bench.log.wal(8));
        bench.log.fill(100);
        bench.run(owner);
        bench.log.trimTo(100);
        bench.log.fill(10);

        bench.run(zombie);
        bench.pass(Duration.ofSeconds(1), zombie);

        assertThat(zombie.status(Bench.ORDERS).orElseThrow().error()).isEmpty();
        assertThat(zombie.flushed(Bench.ORDERS)).hasValue(100);
    }

    @Test
    void aChainBeginsWithLsn0AlsoIfTheLogDoesNot() throws Exception {
        bench.log.fill(50);
        bench.log.trimTo(20);

        flusher.register(bench.log.wal(7));
        bench.ask(flusher);
        bench.run(flusher);

        var first = bench.segments.list(Bench.ORDERS).get(0);
        assertThat(first.isGap()).isTrue();
        assertThat(first.firstLsn()).isZero();
        assertThat(first.nextLsn()).isEqualTo(20);
        assertThat(bench.flushedLsns()).first().isEqualTo(20L);
        assertThat(bench.flushedLsns()).hasSize(30);
    }

    @Test
    void segmentsAboveTheTailStopTheFlusherOnceTheTailIsNotStale() {
        bench.log.fill(100);
        flusher.register(bench.log.wal(7));
        bench.run(flusher);
        flusher.close();
        var next = bench.flusher();
        bench.log.staleBounds(Integer.MAX_VALUE);
        next.register(bench.log.wal(8));
        bench.run(next);
        assertThat(next.status(Bench.ORDERS).orElseThrow().error().orElseThrow().code())
                .isEqualTo(ErrorCode.UNAVAILABLE);

        for (var i = 0; i < 10; i++) {
            bench.pass(Duration.ofSeconds(30), next);
        }

        var status = next.status(Bench.ORDERS).orElseThrow();
        assertThat(status.state()).isEqualTo(FlushStatus.State.STOPPED);
        assertThat(status.error().orElseThrow()).hasMessageContaining("lost records");
    }

    @Test
    void segmentsAboveAStaleTailDoNotStopTheFlusher() {
        bench.log.fill(100);
        flusher.register(bench.log.wal(7));
        bench.run(flusher);
        flusher.close();
        var next = bench.flusher();
        bench.log.staleBounds(2);
        next.register(bench.log.wal(8));
        bench.run(next);

        bench.pass(Duration.ofSeconds(1), next);

        assertThat(next.flushed(Bench.ORDERS)).hasValue(100);
    }

    @Test
    void aDamagedLastSegmentStopsTheFlusherAndIsNamed() throws Exception {
        bench.log.fill(100);
        flusher.register(bench.log.wal(7));
        bench.run(flusher);
        flusher.close();
        TestFiles.truncate(bench.object(0), 1);

        var next = bench.flusher();
        next.register(bench.log.wal(8));
        bench.run(next);

        assertThat(next.status(Bench.ORDERS).orElseThrow().error().orElseThrow())
                .hasMessageContaining(bench.object(0).toString());
    }

    @Test
    void unregisterFailsPendingFlushesAndStopsAllWork() throws Exception {
        var wal = bench.log.wal(7);
        bench.store.failNextPuts(1);
        flusher.register(wal);
        bench.log.fill(30);
        var flushed = flusher.flush(Bench.ORDERS);
        bench.run(flusher);

        flusher.unregister(wal);
        bench.pass(Duration.ofMinutes(1), flusher);

        assertCode(flushed, ErrorCode.NOT_OWNER);
        assertCode(flusher.flush(Bench.ORDERS), ErrorCode.NOT_OWNER);
        assertThat(bench.flushedLsns()).isEmpty();
        assertThat(bench.spoolFiles()).isEmpty();
        assertThat(bench.log.openReaders()).isZero();
        assertThat(flusher.flushed(Bench.ORDERS)).isEmpty();
    }

    @Test
    void unregisterFromInsideAStepLetsTheStepEnd() throws Exception {
        var wal = bench.log.wal(7);
        flusher.register(wal);
        bench.log.fill(30);
        bench.ask(flusher);
        bench.store.beforeNextPut(() -> flusher.unregister(wal));

        bench.run(flusher);

        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
        assertThat(bench.spoolFiles()).isEmpty();
        assertThat(bench.log.openReaders()).isZero();
        assertThat(flusher.flushed(Bench.ORDERS)).isEmpty();
    }

    @Test
    void unregisterOfAnEarlierWalLeavesTheNewOneAlone() {
        var earlier = bench.log.wal(7);
        flusher.register(earlier);
        flusher.unregister(earlier);
        flusher.register(bench.log.wal(8));

        flusher.unregister(earlier);

        assertThat(flusher.status(Bench.ORDERS)).isPresent();
    }

    @Test
    void refusesASecondWalOfThePChannel() {
        flusher.register(bench.log.wal(7));

        assertThatThrownBy(() -> flusher.register(bench.log.wal(8)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("term 7");
    }

    @Test
    void anIdlePChannelOpensNoReaderAndPutsNothing() {
        flusher.register(bench.log.wal(7));
        bench.run(flusher);

        bench.pass(Duration.ofHours(1), flusher);

        assertThat(bench.log.readersOpened()).isZero();
        assertThat(bench.store.puts()).isZero();
    }

    @Test
    void closesTheReaderOfAPChannelThatBecameIdle() {
        flusher.register(bench.log.wal(7));
        bench.log.fill(5);
        bench.run(flusher);
        assertThat(bench.log.openReaders()).isEqualTo(1);

        bench.pass(Duration.ofSeconds(11), flusher);

        assertThat(bench.log.openReaders()).isZero();
    }

    @Test
    void afterCloseRequestsAndRegistrationsAreRefused() {
        bench.store.failNextPuts(1);
        flusher.register(bench.log.wal(7));
        bench.log.fill(5);
        var pending = flusher.flush(Bench.ORDERS);
        bench.run(flusher);

        flusher.close();

        assertCode(pending, ErrorCode.SHUTTING_DOWN);
        assertCode(flusher.flush(Bench.ORDERS), ErrorCode.SHUTTING_DOWN);
        assertThatThrownBy(() -> flusher.register(bench.log.wal(8)))
                .isInstanceOfSatisfying(
                        WalException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
        assertThat(bench.spoolFiles()).isEmpty();
    }

    private static void assertCode(CompletableFuture<?> future, ErrorCode code) {
        assertThat(future)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        WalException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
