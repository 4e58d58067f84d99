package io.seawall.walkafka.internal.write;

import static io.seawall.walkafka.internal.fake.TestRecords.record;
import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakeLane;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests the answers of an opened log to its callers, and their time. */
class KafkaWalTest {
    private final FakeKafka kafka = new FakeKafka(settings());
    private final ManualTime time = kafka.time();
    private final FakePartition log = kafka.log();
    private final List<FakeLane> lanes = kafka.lanes();
    private final WalSettings.Timeouts timeouts = kafka.settings().timeouts();
    private KafkaWal wal = kafka.open(7);

    @Test
    void answersWithTheLsnsAndMovesTheTail() {
        var single = append("a");
        var batch = wal.append(List.of(record("b"), record("c")));

        assertThat(single.join()).isEqualTo(new Appended(7, 0, 0));
        assertThat(batch.join()).isEqualTo(new Appended(7, 1, 2));
        assertThat(wal.tail()).isEqualTo(3);
        assertThat(wal.committed()).isZero();
    }

    @Test
    void commitCompletesWhenEverythingAcknowledgedBeforeIsCommitted() {
        append("a").join();

        var committed = wal.commit();
        time.advance(10);

        assertThat(committed).isCompletedWithValue(1L);
        assertThat(log.committed()).contains("7.0/0");
    }

    @Test
    void commitOfAnEmptyLogIsDone() {
        assertThat(wal.commit()).isCompletedWithValue(0L);
    }

    @Test
    void aClosedLogFailsACommitThatItCannotReach() {
        append("a").join();
        lane(0).holdsCommits();
        wal.close();

        assertThat(failure(wal.commit()).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }

    @Test
    void refusesAnAppendThatBreaksARuleWithEffectNone() {
        var error = failure(wal.append(List.of()));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error.effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void aFullQueueRefusesAndTakesAgainOnceItIsEmptier() {
        lane(0).holdsAcks();
        var first = append("first");
        var waiting = List.of(append("x".repeat(1_000)), append("x".repeat(1_000))); // the first append goes alone

        var refused = failure(append("x".repeat(1_000)));
        lane(0).acknowledgeAll();
        lane(0).acknowledgeAll();

        assertThat(first).isCompleted();
        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(refused.effect()).isEqualTo(Effect.NONE);
        assertThat(append("x".repeat(1_000))).isNotCompletedExceptionally();
    }

    @Test
    void closingFinishesAndCommitsAndRefusesLaterAppends() {
        var before = append("a");

        wal.close();
        wal.close();

        assertThat(before.join().first()).isZero();
        assertThat(log.committed()).contains("7.0/0");
        assertThat(failure(append("b")).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(wal.ended()).isNotDone();
        assertThat(lane(0).closes()).isPositive();
        assertThat(lane(1).closes()).isPositive();
    }

    @Test
    void appendsThatComeDuringTheClosingAreRefusedAndLeaveTheQueue() {
        lane(0).holdsAcks();
        var before = append("a");
        wal.machine().post(wal.machine()::close);

        for (var late = 0; late < 5; late++) {
            assertThat(failure(append("x".repeat(1_000))).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        }
        lane(0).acknowledgeAll();

        assertThat(before.join().first()).isZero();
        assertThat(wal.machine().released()).isCompleted();
        assertThat(log.committed()).contains("7.0/0").doesNotContain("7.0/1");
    }

    @Test
    void closingIsBoundedAndAnswersAppendsThatHang() {
        lane(0).holdsAcks();
        var sent = append("a");
        var unsent = append("b");

        wal.close();

        assertThat(failure(sent).code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(failure(unsent).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(failure(unsent).effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void anErrorOfALaneIsRecoveredInPlaceAndTheCallerSeesASlowAppend() {
        append("a").join();
        lane(0).holdsAcks().refusesLsn(2);
        var written = append("b");
        var lost = append("c");
        var behind = append("d");

        time.advance(100);

        assertThat(written.join()).isEqualTo(new Appended(7, 1, 1));
        assertThat(lost.join()).isEqualTo(new Appended(7, 2, 2));
        assertThat(behind.join()).isEqualTo(new Appended(7, 3, 3));
        assertThat(wal.epoch()).isEqualTo(1);
        assertThat(wal.term()).isEqualTo(7);
        assertThat(wal.ended()).isNotDone();
        assertThat(log.committed()).containsSequence("7.1 claim", "7.1/0@7", "7.1/1@7", "7.1/2 snapshot");
        assertThat(lane(0).closes()).isPositive();
    }

    @Test
    void afterAFencingErrorARivalGetsTimeToFinish() {
        append("a").join();
        log.initialize(Lane.A, log.lane(Lane.A));
        var appended = append("b");

        time.advance(timeouts.rivalGrace().toMillis() - 1);
        assertThat(lanes).as("nothing is disturbed yet").hasSize(2);
        time.advance(1_000);

        assertThat(appended.join().first()).isEqualTo(1);
        assertThat(wal.epoch()).isEqualTo(1);
    }

    @Test
    void aRivalEndsTheLogAndTheLogDecidesWhatWasWritten() {
        append("a").join();
        lane(0).holdsAcks();
        var written = append("b");
        log.initialize(Lane.A, log.lane(Lane.A));
        log.committed("8.0 claim");
        var refused = append("c");
        lane(0).acknowledgeAll(); // the first acknowledgement is the failure
        var meanwhile = append("d");
        var waiter = wal.commit();

        time.advance(1_000);

        assertThat(written.join()).isEqualTo(new Appended(7, 1, 1));
        for (var lost : List.of(refused, meanwhile, append("e"))) {
            assertThat(failure(lost).code()).isEqualTo(ErrorCode.FENCED);
            assertThat(failure(lost).effect()).isEqualTo(Effect.NONE);
            assertThat(failure(lost).problem().numbers()).containsEntry("term", 8L);
        }
        assertThat(wal.ended().join().code()).isEqualTo(ErrorCode.FENCED);
        assertThat(waiter).isCompletedExceptionally();
        assertThat(lanes).as("the rival is not disturbed").hasSize(2);
        assertThat(wal.tail()).as("after the record that is in the log").isEqualTo(2);
        wal.machine().post(() -> wal.machine().abandon("planted"));
        assertThat(failure(append("f")).code()).as("the first reason stays").isEqualTo(ErrorCode.FENCED);
    }

    @Test
    void aRivalOfAnEmptyLogLeavesNoDoubtThatNothingWasWritten() {
        log.initialize(Lane.A, log.lane(Lane.A));
        log.committed("8.0 claim");
        var lost = append("a");

        time.advance(1_000);

        assertThat(failure(lost).code()).isEqualTo(ErrorCode.FENCED);
        assertThat(failure(lost).effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void anAppendThatTheBrokerRefusesFailsAlone() {
        append("a").join();
        lane(0).holdsAcks().refusesLsn(2).refusesWith(LaneFault.Kind.TOO_LARGE);
        var before = append("b");
        var tooLarge = append("x".repeat(1_000));
        var behind = append("d");

        time.advance(100);

        assertThat(failure(tooLarge).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(failure(tooLarge).effect()).isEqualTo(Effect.NONE);
        assertThat(failure(tooLarge))
                .hasMessageContaining("a record of 1000 bytes")
                .hasMessageContaining("at most 2224 bytes, which is max.message.bytes of the topic")
                .hasMessageNotContaining("io.seawall")
                .hasMessageNotContaining("Exception");
        assertThat(before.join().first()).isEqualTo(1);
        assertThat(behind.join().first()).as("no hole").isEqualTo(2);
        assertThat(append("e").join().first()).isEqualTo(3);
    }

    @Test
    void aLogThatLostAcknowledgedRecordsEndsWithDataLoss() {
        append("a").join();
        append("b").join();
        log.loseFrom(log.end() - 1);
        lane(0).refuses(header -> true);
        var unknown = append("c");

        time.advance(100);

        assertThat(wal.ended().join().code()).isEqualTo(ErrorCode.DATA_LOSS);
        assertThat(failure(unknown).effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(lanes).allMatch(lane -> lane.closes() > 0);
    }

    @Test
    void aTopicThatWasCreatedAgainEndsTheLog() {
        append("a").join();
        lane(0).refuses(header -> true);
        kafka.withTopicId("another");

        var unknown = append("b");
        time.advance(100);

        assertThat(wal.ended().join().code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(wal.ended().join()).hasMessageContaining("created again");
        assertThat(failure(unknown).code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    }

    @Test
    void aRecoveryThatRunsOutOfTimeLeavesSentAppendsUnknownAndTheOthersUnwritten() {
        append("a").join();
        lane(0).holdsAcks().refusesLsn(2);
        kafka.everyLane(FakeLane::losesInitAnswers);
        var sent = append("b");
        var refused = append("c");
        var waiting = append("d");

        time.advance(timeouts.recover().toMillis() + 1_000);

        assertThat(failure(sent).code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(failure(refused).code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(failure(waiting).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(waiting).effect()).isEqualTo(Effect.NONE);
        assertThat(wal.ended().join().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(append("e")).effect()).isEqualTo(Effect.NONE);
        assertThat(lanes).allMatch(lane -> lane.closes() > 0);
    }

    @Test
    void appendsDuringARecoveryWaitForItInOrder() {
        append("a").join();
        log.initialize(Lane.A, log.lane(Lane.A));
        var failed = append("b");
        var meanwhile = List.of(append("c"), append("d"));

        time.advance(1_000);

        assertThat(failed.join().first()).isEqualTo(1);
        assertThat(meanwhile).extracting(append -> append.join().first()).containsExactly(2L, 3L);
    }

    @Test
    void aLogThatIsClosedDuringARecoveryIsOverSoonAfterIt() {
        append("a").join();
        log.initialize(Lane.A, log.lane(Lane.A));
        var pending = append("b");
        wal.machine().post(wal.machine()::close);
        assertThat(wal.machine().released()).isNotDone();

        time.advance(1_000);

        assertThat(pending.join().first()).isEqualTo(1);
        assertThat(wal.machine().released()).isCompleted();
        assertThat(log.committed()).contains("7.1/1");
        assertThat(wal.ended()).isNotDone();
        assertThat(failure(append("c")).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(lanes).allMatch(lane -> lane.closes() > 0);
    }

    @Test
    void aLogThatIsTakenBackAfterItsEndIsClosed() {
        append("a").join();
        log.initialize(Lane.A, log.lane(Lane.A));
        var pending = append("b");

        wal.machine().post(() -> {
            time.advance(1_000); // the log is taken back; its mailbox learns that after this task
            wal.machine().abandon("planted");
        });

        assertThat(failure(pending).code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(failure(append("c")).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(wal.epoch()).as("nobody writes any more").isZero();
        assertThat(lanes).hasSizeGreaterThan(2).allMatch(lane -> lane.closes() > 0);
    }

    @Test
    void aRivalOfALogThatIsBeingClosedIsNoUnexpectedEnd() {
        append("a").join();
        log.initialize(Lane.A, log.lane(Lane.A));
        log.committed("8.0 claim");
        var pending = append("b");
        wal.machine().post(wal.machine()::close);

        time.advance(1_000);

        assertThat(failure(pending).code()).isEqualTo(ErrorCode.FENCED);
        assertThat(wal.machine().released()).isCompleted();
        assertThat(wal.ended()).isNotDone();
    }

    @Test
    void whatWaitedIsKeptIfTheNextWriterFailsAtOnce() {
        append("a").join();
        log.initialize(Lane.A, log.lane(Lane.A));
        var pending = append("b");
        var checked = wal.checkTail();
        for (var lane = 0; lane < 2; lane++) {
            kafka.nextLane(next -> next.refuses(header -> header instanceof WalHeader.Lease));
        }

        time.advance(10_000);

        assertThat(pending).isCompletedWithValueMatching(appended -> appended.first() == 1);
        assertThat(checked).isCompletedWithValueMatching(tail -> tail >= 1);
        assertThat(wal.epoch()).isEqualTo(2);
    }

    @Test
    void aLogThatIsTakenBackIsCommittedAndChecksItsTailWithANewRecord() {
        append("a").join();
        lane(0).refuses(header -> true);
        var checked = wal.checkTail();

        time.advance(1_000);

        assertThat(wal.epoch()).isEqualTo(1);
        assertThat(wal.committed()).isEqualTo(1);
        assertThat(checked).isCompletedWithValue(1L);
        assertThat(log.live()).endsWith("7.1 lease");
    }

    @Test
    void theEndAnswersCallersThatWaitForASnapshot() {
        append("a").join();
        lane(0).holdsCommits();
        lane(0).holdsAcks();
        var snapshot = wal.snapshotFrom(1);

        wal.machine().post(() -> wal.machine().abandon("planted"));

        assertThat(failure(snapshot).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }

    @Test
    void aSnapshotThatIsCommittedIsNotWrittenAgain() {
        append("a").join();
        var first = wal.snapshotFrom(1);
        time.advance(2_000);
        var before = log.live();

        var second = wal.snapshotFrom(1);
        time.advance(2_000);

        assertThat(second.join()).isEqualTo(first.join());
        assertThat(log.live()).isEqualTo(before);
    }

    @Test
    void callersCannotCompleteTheEndOfALog() {
        wal.ended().complete(null);

        assertThat(wal.ended()).isNotDone();
    }

    @Test
    void closingDoesNotWaitLongForARecovery() {
        append("a").join();
        log.initialize(Lane.A, log.lane(Lane.A));
        var pending = append("b");

        wal.close();
        time.advance(1_000);

        assertThat(failure(pending).code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(lanes).as("no further attempt").hasSize(2);
        assertThat(lanes).allMatch(lane -> lane.closes() > 0);
    }

    @Test
    void ifAppendsAreAnsweredAtTheCommitTheyWaitForIt() {
        answeringAtTheCommit();
        lane(0).holdsCommits();

        var append = append("a");
        assertThat(append).isNotDone();
        assertThat(wal.tail()).isZero();
        lane(0).finishCommit();

        assertThat(append.join()).isEqualTo(new Appended(8, 0, 0));
        assertThat(wal.tail()).isEqualTo(1);
    }

    @Test
    void ifAppendsAreAnsweredAtTheCommitControlRecordsDoNotDisturbThem() {
        answeringAtTheCommit();
        lane(0).holdsCommits();
        var uncommitted = append("a");
        var confirmed = wal.checkTail(); // by a lease record on the other lane
        kafka.everyLane(FakeLane::losesInitAnswers);
        log.initialize(Lane.A, log.lane(Lane.A));
        lane(0).finishCommit();

        time.advance(timeouts.recover().toMillis() + 1_000);

        assertThat(confirmed).isCompleted();
        assertThat(failure(uncommitted).code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(wal.ended()).isCompletedWithValueMatching(why -> why.code() == ErrorCode.UNAVAILABLE);
    }

    @Test
    void anIdleLogUsesItsLanesOnceTheyAreHalfADayOld() {
        time.advance(LaneKeepAlive.EVERY.toMillis() + 5_000);

        assertThat(log.committed()).endsWith("7.0 lease", "7.0 lease");
    }

    @Test
    void anOpenLogUsesItsLanesAgainAndAgainAndAClosedOneDoesNot() {
        time.advance(5_000);
        var before = log.live().size();
        time.advance(3 * LaneKeepAlive.EVERY.toMillis());
        assertThat(log.live().size() - before).as("both lanes, each time").isEqualTo(6);

        wal.close();
        var after = log.live();
        time.advance(10 * LaneKeepAlive.EVERY.toMillis());

        assertThat(log.live()).isEqualTo(after);
        assertThat(time.timers()).as("timers that keep the log in memory").isZero();
    }

    @Test
    void aBrokenInvariantEndsTheLogAndAnswersEverybody() {
        lane(0).holdsAcks();
        var sent = append("a");

        wal.machine().post(() -> {
            throw new IllegalStateException("planted");
        });

        assertThat(failure(sent).effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(wal.ended().join().code()).isEqualTo(ErrorCode.INTERNAL);
    }

    private CompletableFuture<Appended> append(String value) {
        return wal.append(List.of(record(value)));
    }

    private void answeringAtTheCommit() {
        var settings = kafka.settings();
        kafka.with(new WalSettings(settings.lease(), settings.limits(), timeouts, WalSettings.Ack.COMMITTED));
        wal = kafka.open(8);
    }

    private FakeLane lane(int index) {
        return lanes.get(index);
    }

    private static WalSettings settings() {
        var defaults = WalSettings.defaults();
        var given = defaults.timeouts();
        var timeouts = new WalSettings.Timeouts(
                given.delivery(), given.open(), given.recover(), Duration.ofMillis(50), given.rivalGrace());
        return new WalSettings(defaults.lease(), new WalSettings.Limits(1_500, 2_500, 1_200), timeouts, defaults.ack());
    }
}
