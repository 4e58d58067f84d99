package io.seawall.walkafka.internal.write;

import static io.seawall.walkafka.internal.fake.TestRecords.record;
import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.WriterSeq;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakeLane;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.SessionReplay;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.settings.WalSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests conditional appends and writer sessions of an opened log: in flight, across errors of lanes, and at the next owner. */
@Timeout(60)
class SessionAppendTest {
    private final FakeKafka kafka = new FakeKafka(settings(16 << 20));
    private final ManualTime time = kafka.time();
    private final FakePartition log = kafka.log();
    private KafkaWal wal = kafka.open(7);

    @Test
    void everyRecordOfABatchCarriesItsSession() {
        by("w/0", 2).join();
        append("plain").join();

        assertThat(log.live()).endsWith("7.0/0+1 by w/0", "7.0/1+0 by w/0", "7.0/2");
    }

    @Test
    void aRepetitionAppendsNothingAndIsAnsweredAsTheFirstTime() {
        by("w/0", 2).join();
        append("other").join();

        assertThat(by("w/0", 2).join()).isEqualTo(new Appended(7, 0, 1, true));
        assertThat(wal.tail()).isEqualTo(3);
        assertThat(log.live()).hasSize(5);
    }

    @Test
    void aClockThatJumpsEightDaysMakesNoRepetitionANewAppend() {
        by("w/0", 1).join();
        time.setWall(time.wallMs() + Duration.ofDays(8).toMillis());
        by("v/0", 1).join();
        time.setWall(time.wallMs() - Duration.ofDays(8).toMillis());

        assertThat(by("w/0", 1).join()).isEqualTo(new Appended(7, 0, 0, true));
        assertThat(by("w/1", 1).join().first()).isEqualTo(2);
    }

    @Test
    void anOwnerWhoseClockIsEightDaysAheadKnowsTheSessionsOfTheOneBefore() {
        by("w/0", 1).join();
        time.setWall(time.wallMs() + Duration.ofDays(8).toMillis());
        wal = kafka.open(8);
        by("v/0", 1).join();

        assertThat(by("w/0", 1).join()).isEqualTo(new Appended(7, 0, 0, true));
    }

    @Test
    void aSessionMayHaveSeveralBatchesInFlightAndQueued() {
        lane(0).holdsAcks();
        var appends = List.of(by("w/0", 1), by("w/1", 1), by("w/2", 1));

        lane(0).acknowledgeAll();
        lane(0).acknowledgeAll();

        assertThat(appends).extracting(append -> append.join().first()).containsExactly(0L, 1L, 2L);
    }

    @Test
    void aRepetitionOfWhatIsInFlightSharesItsOutcome() {
        lane(0).holdsAcks();
        var first = by("w/0", 1);
        var second = by("w/1", 1);
        var again = by("w/1", 1);
        assertThat(again).isNotDone();

        lane(0).acknowledgeOne();
        assertThat(first).isCompleted();
        assertThat(again).as("its original is not acknowledged").isNotDone();
        lane(0).acknowledgeOne();

        assertThat(second.join()).isEqualTo(new Appended(7, 1, 1, false));
        assertThat(again.join()).isEqualTo(new Appended(7, 1, 1, true));
    }

    @Test
    void aJumpIsRefusedAndDoesNotUseUpItsNumber() {
        by("w/0", 1).join();

        var error = failure(by("w/2", 1));

        assertThat(error.code()).isEqualTo(ErrorCode.SEQUENCE_GAP);
        assertThat(error.effect()).isEqualTo(Effect.NONE);
        assertThat(by("w/1", 1).join().first()).isEqualTo(1);
    }

    @Test
    void anAppendIsWrittenOnlyIfTheTailMatches() {
        append("a").join();

        assertThat(ifTail(1).join()).isEqualTo(new Appended(7, 1, 1));
        var error = failure(ifTail(1));

        assertThat(error.code()).isEqualTo(ErrorCode.TAIL_MISMATCH);
        assertThat(error.problem().numbers()).containsEntry("tail", 2L);
        assertThat(wal.tail()).isEqualTo(2);
    }

    @Test
    void theTailCountsAppendsInFlight() {
        append("first").join();
        lane(0).holdsAcks();
        var ahead = append("a");
        var fits = ifTail(2);
        var late = ifTail(2);
        assertThat(late).as("the append that it depends on is not acknowledged").isNotDone();

        lane(0).acknowledgeAll();

        assertThat(ahead.join().first()).isEqualTo(1);
        assertThat(fits.join().first()).isEqualTo(2);
        assertThat(failure(late).problem().numbers()).containsEntry("tail", 3L);
    }

    @Test
    void aRefusedAppendOpensNoTransaction() {
        var error = failure(ifTail(5));
        time.advance(5_000);

        assertThat(error.code()).isEqualTo(ErrorCode.TAIL_MISMATCH);
        assertThat(log.live()).endsWith("7.0/0 snapshot");
        assertThat(append("a").join().first()).isZero();
    }

    @Test
    void refusedAppendsAreBoundedLikeOthers() {
        lane(0).holdsAcks();
        var stuck = append("stuck");
        var refused = new ArrayList<CompletableFuture<Appended>>();
        for (var at = 0; at < 200; at++) {
            refused.add(ifTail(77));
        }

        assertThat(failure(refused.get(199)).code()).isEqualTo(ErrorCode.OVERLOADED);
        lane(0).acknowledgeAll();
        assertThat(stuck).isCompleted();
        assertThat(failure(refused.get(0)).code()).isEqualTo(ErrorCode.TAIL_MISMATCH);
        assertThat(append("x".repeat(1_000))).as("there is room again").isNotCompletedExceptionally();
    }

    @Test
    void aBatchThatTheLogHasAfterAnErrorOfALaneIsARepetition() {
        by("w/0", 1).join();
        lane(0).holdsAcks().refusesLsn(2);
        var written = by("w/1", 1);
        var lost = by("w/2", 1);
        var lostToo = by("w/3", 1);
        var again = by("w/2", 1);

        time.advance(100);

        assertThat(wal.epoch()).isEqualTo(1);
        assertThat(written.join()).isEqualTo(new Appended(7, 1, 1, false));
        assertThat(lost.join()).isEqualTo(new Appended(7, 2, 2, false));
        assertThat(lostToo.join()).isEqualTo(new Appended(7, 3, 3, false));
        assertThat(again.join()).isEqualTo(new Appended(7, 2, 2, true));
        assertThat(by("w/1", 1).join()).isEqualTo(new Appended(7, 1, 1, true));
        assertThat(log.committed()).contains("7.1/1@7 by w/1");
    }

    @Test
    void aRefusedBatchLeavesNothingInTheTable() {
        by("w/0", 1).join();
        lane(0).holdsAcks().refusesLsn(1).refusesWith(LaneFault.Kind.TOO_LARGE);
        var tooLarge = by("w/1", 1);
        var behind = by("w/2", 1);
        var sawIt = ifTail(3);

        time.advance(100);

        assertThat(failure(tooLarge).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(failure(behind).code()).as("its predecessor is not written").isEqualTo(ErrorCode.SEQUENCE_GAP);
        assertThat(failure(sawIt).problem().numbers())
                .as("the tail after the recovery")
                .containsEntry("tail", 1L);
        assertThat(by("w/1", 1).join().first()).isEqualTo(1);
    }

    @Test
    void theNextOwnerKnowsTheOutcomeOfAnAppendWhoseAnswerWasLost() {
        by("w/0", 1).join();
        lane(0).holdsAcks();
        var inFlight = List.of(by("w/1", 2), by("w/2", 1));
        var queued = by("w/3", 2_000 / 100);
        wal.close(); // does not wait long for appends that hang
        assertThat(inFlight).allMatch(append -> failure(append).code() == ErrorCode.OUTCOME_UNKNOWN);

        wal = kafka.open(8);

        assertThat(by("w/1", 2).join()).isEqualTo(new Appended(7, 1, 2, true));
        assertThat(by("w/2", 1).join()).isEqualTo(new Appended(7, 3, 3, true));
        var third = by("w/3", 20).join();
        assertThat(third.repeated()).isEqualTo(failure(queued).effect() == Effect.UNKNOWN);
        assertThat(third.first()).isEqualTo(4);
        assertThat(by("w/4", 1).join().first()).isEqualTo(24);
    }

    @Test
    void sessionsOutliveOwnersThatWroteNothing() {
        by("w/0", 1).join();
        by("w/1", 1).join();

        for (var term = 8; term < 12; term++) {
            wal.close();
            wal = kafka.open(term);
        }

        assertThat(by("w/1", 1).join()).isEqualTo(new Appended(7, 1, 1, true));
        assertThat(by("w/0", 1).join()).isEqualTo(new Appended(7, 0, 0, true));
        assertThat(by("w/2", 1).join()).isEqualTo(new Appended(11, 2, 2, false));
    }

    @Test
    void aSnapshotHasTheSessionsOfEverythingBelowItsNumber() throws IOException {
        wal.close();
        kafka.with(settings(500));
        wal = kafka.open(8);
        for (var seq = 0; seq < 30; seq++) {
            by("w" + seq % 3 + "/" + seq / 3, 1 + seq % 4).join();
        }
        time.advance(5_000);

        var replay = new SessionReplay(new WriterSessions(WriterSessions.Bounds.of(kafka.settings())));
        var snapshots = 0;
        for (var entry : log.entries(Isolation.COMMITTED)) {
            replay.take(entry);
            if (entry.header() != null && entry.header().kind() == WalHeader.Kind.SNAPSHOT) {
                snapshots++;
                assertThat(ControlBody.sessions(entry.data().value()))
                        .isEqualTo(replay.sessions().sessions());
            }
        }
        assertThat(snapshots).isGreaterThan(5);
    }

    @Test
    void ifAppendsAreAnsweredAtTheCommitRepetitionsAreToo() {
        wal.close();
        var given = kafka.settings();
        kafka.with(new WalSettings(given.lease(), given.limits(), given.timeouts(), WalSettings.Ack.COMMITTED));
        wal = kafka.open(8);
        lane(0).holdsCommits();
        var first = by("w/0", 1);
        var again = by("w/0", 1);
        assertThat(again).isNotDone();

        lane(0).finishCommit();

        assertThat(first).isCompletedWithValue(new Appended(8, 0, 0, false));
        assertThat(again).isCompletedWithValue(new Appended(8, 0, 0, true));
        assertThat(by("w/0", 1)).as("nothing more will be committed").isCompletedWithValue(new Appended(8, 0, 0, true));
    }

    @Test
    void aRefusalThatDependsOnAnUnknownAppendHasNoEffect() {
        append("a").join();
        lane(0).holdsAcks();
        var unknown = append("b");
        var refused = ifTail(0);

        wal.close();

        assertThat(failure(unknown).effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(failure(refused).effect()).isEqualTo(Effect.NONE);
    }

    private CompletableFuture<Appended> by(String writer, int records) {
        return wal.append(
                AppendRequest.of(Collections.nCopies(records, record(writer))).by(WriterSeq.parse(writer)));
    }

    private CompletableFuture<Appended> ifTail(long tail) {
        return wal.append(AppendRequest.of(List.of(record("c"))).onlyIfTail(tail));
    }

    private CompletableFuture<Appended> append(String value) {
        return wal.append(List.of(record(value)));
    }

    private FakeLane lane(int index) {
        return kafka.lanes().get(index);
    }

    private static WalSettings settings(long snapshotBytes) {
        var defaults = WalSettings.defaults();
        var given = defaults.timeouts();
        var lease = defaults.lease();
        return new WalSettings(
                new WalSettings.Lease(
                        lease.roll(), lease.longestRoll(), lease.rollBytes(), lease.uncommittedBytes(), snapshotBytes),
                new WalSettings.Limits(5_000, 10_000, 1_200),
                new WalSettings.Timeouts(
                        given.delivery(), given.open(), given.recover(), Duration.ofMillis(50), given.rivalGrace()),
                defaults.ack());
    }
}
