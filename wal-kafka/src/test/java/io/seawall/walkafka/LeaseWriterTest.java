package io.seawall.walkafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.PChannel;
import io.seawall.wal.Record;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The two lanes of an opened log (docs/protocol.md#lanes): every acknowledgement and commit comes when the test says so. */
class LeaseWriterTest {
    private static final long ROLL_MS = 1_000;

    private final ManualTime time = new ManualTime();
    private final FakeLog log = new FakeLog(time);
    private final FakeLane laneA = log.lane(Lane.A).holdsAcks().holdsCommits();
    private final FakeLane laneB = log.lane(Lane.B).holdsAcks().holdsCommits();
    private final Owner owner = new Owner();
    private WalSettings.Ack ack = WalSettings.Ack.REPLICATED;
    private WalSettings settings = settings(16_000, 128_000, 16_000, 4_000);
    private @Nullable LeaseWriter made;

    @Test
    void theFirstAppendGoesOutAlone() {
        append("a");
        append("b");

        assertThat(log.live()).containsExactly("7.0/0");
        acknowledge(laneA);
        assertThat(log.live()).containsExactly("7.0/0", "7.0/1");
    }

    @Test
    void aBatchThatIsLargerThanOneProduceBatchGoesBehindALeaseRecord() {
        settings = settings(1 << 20, 8 << 20, 1 << 20, 1 << 20);
        append("x".repeat(40_000), "y".repeat(40_000));

        assertThat(log.live()).containsExactly("7.0 lease");
        acknowledge(laneA);
        assertThat(log.live()).containsExactly("7.0 lease", "7.0/0+1", "7.0/1+0");
        assertThat(owner.acknowledged).isEmpty();
        acknowledge(laneA);
        assertThat(owner.acknowledged).containsExactly("0-1");
    }

    @Test
    void anAppendIsAcknowledgedWhenItsWholeBatchIs() {
        append("a", "b");
        laneA.acknowledgeOne();
        owner.turn();
        assertThat(owner.acknowledged).isEmpty();

        laneA.acknowledgeOne();
        owner.turn();

        assertThat(owner.acknowledged).containsExactly("0-1");
    }

    @Test
    void theWindowBoundsWhatIsInFlight() {
        active();
        append("x".repeat(3_000));
        append("y".repeat(3_000));
        append("z");

        assertThat(laneA.unacknowledged())
                .as("the second does not fit, the third must not pass it")
                .isEqualTo(1);
        acknowledge(laneA);
        assertThat(owner.acknowledged).endsWith("1-1");
        assertThat(laneA.unacknowledged()).isEqualTo(2);
    }

    @Test
    void aDueLeaseMovesAppendsToTheOtherLaneAndIsCommittedBehindThem() {
        active();
        append("b");
        time.advance(ROLL_MS - 1);
        append("c");
        owner.turn();
        time.advance(1);
        owner.turn();
        assertThat(log.live()).as("primed").endsWith("7.0/2", "7.0 lease");

        append("d");
        assertThat(log.live()).as("the old lane goes on").endsWith("7.0 lease", "7.0/3");
        laneB.acknowledgeAll();
        owner.turn();
        append("e");
        assertThat(log.live()).as("held until nothing is in flight").endsWith("7.0/3");
        assertThat(laneA.isCommitting()).isFalse();

        acknowledge(laneA);
        assertThat(log.live()).endsWith("7.0/3", "7.0/4");
        assertThat(laneA.isCommitting()).isTrue();
        acknowledge(laneB);
        assertThat(owner.acknowledged).containsExactly("0-0", "1-1", "2-2", "3-3", "4-4");
        laneA.finishCommit();
        owner.turn();
        assertThat(owner.committed).containsExactly(4L);
    }

    @Test
    void aLaneIsNeverCommittedBeforeTheOneBeforeIt() {
        rolledWithCommitUnderWay();
        append("later");
        acknowledge(laneB);
        time.advance(10 * ROLL_MS);
        owner.turn();
        writer().commitBelow(Long.MAX_VALUE);
        writer().finish();
        owner.turn();

        assertThat(laneB.isCommitting()).isFalse();
        laneA.finishCommit();
        owner.turn();
        assertThat(laneB.isCommitting()).isTrue();
    }

    @Test
    void aFullLeaseRollsWithoutWaitingForItsTime() {
        active();
        for (var sent = 0; sent < 6; sent++) {
            append("x".repeat(3_000));
            acknowledge(laneA);
        }

        assertThat(log.live()).endsWith("7.0 lease");
    }

    @Test
    void atTheUncommittedCapAppendsWaitForACommitAndGoOnAfterIt() {
        settings = settings(4_000, 8_000, 100_000, 4_000);
        rolledWithCommitUnderWay();
        for (var sent = 0; sent < 6; sent++) {
            append("x".repeat(3_000));
            acknowledge(laneB);
        }
        var answeredAtCap = owner.acknowledged.size();
        assertThat(owner.acknowledged).hasSizeLessThan(8);

        laneA.finishCommit();
        owner.turn();
        runUntilQuiet();

        assertThat(answeredAtCap).isPositive();
        assertThat(owner.acknowledged).last().isEqualTo((owner.sent - 1) + "-" + (owner.sent - 1));
    }

    @Test
    void anIdleLogCommitsItsLeaseAndOpensNothing() {
        active();
        time.advance(ROLL_MS - 1);
        owner.turn();
        assertThat(laneA.isCommitting()).isFalse();

        runUntilQuiet();

        assertThat(writer().isIdle()).isTrue();
        assertThat(log.committed()).containsExactly("7.0/0");
        assertThat(log.live()).isEqualTo(log.committed());
        assertThat(owner.committed).containsExactly(1L);
    }

    @Test
    void aTimerThatComesALittleEarlyDoesNotLeaveTheLeaseOpenForEver() {
        owner.earlyMs = 1;
        rolledWithCommitUnderWay();
        // Lane B's lease is a millisecond short of a roll when its timer has gone off and lane A's commit ends.
        time.advance(ROLL_MS - 1);
        owner.turn();
        laneA.finishCommit();
        owner.turn();
        acknowledge(laneB);

        runUntilQuiet();

        assertThat(writer().isIdle()).isTrue();
    }

    @Test
    void theNextLeaseAfterAnIdleTimeUsesTheOtherLaneWhileTheFirstStillCommits() {
        active();
        time.advance(ROLL_MS);
        owner.turn();
        assertThat(laneA.isCommitting()).isTrue();

        append("b");
        acknowledge(laneB);

        assertThat(owner.acknowledged).containsExactly("0-0", "1-1");
        runUntilQuiet();
        assertThat(log.committed()).containsExactly("7.0/0", "7.0/1");
    }

    @Test
    void aSnapshotIsWrittenAfterSoManyBytesAndTheNextLeaseNamesIt() {
        settings = settings(100_000, 200_000, 5_000, 50_000);
        active();
        append("x".repeat(3_000));
        append("x".repeat(3_000));
        append("y");

        assertThat(log.live()).containsExactly("7.0/0", "7.0/1", "7.0/2", "7.0/3 snapshot", "7.0/3");
        runUntilQuiet();
        append("z");
        time.advance(ROLL_MS / 2);
        owner.turn();
        acknowledge(laneA);
        acknowledge(laneB);
        append("zz");
        acknowledge(laneA);
        acknowledge(laneB);
        time.advance(ROLL_MS / 2);
        owner.turn();
        var lease = log.entries(Isolation.UNCOMMITTED).stream()
                .filter(entry -> entry.header() instanceof WalHeader.Lease)
                .reduce((first, second) -> second)
                .orElseThrow();
        assertThat(ControlBody.read(lease.data().value()).number("snapshotOffset", -1))
                .isEqualTo(offsetOf("7.0/3 snapshot"));
    }

    @Test
    void somebodyWhoWaitsForACommitDoesNotWaitForTheRoll() {
        active();

        writer().commitBelow(1);
        runLanes();

        assertThat(owner.committed).containsExactly(1L);
        assertThat(time.elapsedMs()).isEqualTo(1_000);
    }

    @Test
    void finishingSendsWhatWaitsCommitsItAndIsIdle() {
        active();
        append("x".repeat(3_000));
        append("y".repeat(3_000));
        append("z");

        writer().finish();
        runLanes();

        assertThat(owner.idles).isPositive();
        assertThat(log.committed()).contains("7.0/0", "7.0/1", "7.0/2", "7.0/3");
        assertThat(owner.acknowledged).containsExactly("0-0", "1-1", "2-2", "3-3");
        assertThat(time.elapsedMs()).isEqualTo(1_000);
    }

    @Test
    void afterTheFirstFailureLaterAcknowledgementsMeanNothing() {
        active();
        laneA.refuses(header -> header instanceof WalHeader.Data data && data.lsn() == 1);
        append("b");
        append("c");
        acknowledge(laneA);

        assertThat(owner.acknowledged).containsExactly("0-0");
        assertThat(owner.faults).hasSize(1);
    }

    @Test
    void nothingMoreIsSentOnceASendHasFailed() {
        active();
        laneA.refuses(header -> header instanceof WalHeader.Data data && data.lsn() == 2);
        var before = laneA.sends();
        for (var value : List.of("b", "c", "d", "e")) {
            writer().add(pending(value));
        }

        writer().sendWhatWaits();

        assertThat(laneA.sends() - before).as("b and c").isEqualTo(2);
        assertThat(writer().stop().unsent()).as("d and e").hasSize(2);
    }

    @Test
    void aTopicThatIsGoneEndsTheWriterThoughNothingMoreIsSent() {
        active();
        append("b");
        laneA.loseTopic();

        time.advance(TopicWatch.EVERY_MS);
        owner.turn();
        assertThat(owner.faults).as("it may have been sent just now").isEmpty();
        time.advance(TopicWatch.EVERY_MS);
        owner.turn();

        assertThat(owner.faults).extracting(LaneFault::kind).containsExactly(LaneFault.Kind.GONE);
    }

    @Test
    void aTopicThatSeemsGoneIsNoMatterWhileAppendsAreAcknowledged() {
        active();
        laneA.loseTopic();
        for (var second = 0; second < 5; second++) {
            time.advance(TopicWatch.EVERY_MS / 2);
            append("v" + second);
            owner.turn();
            time.advance(TopicWatch.EVERY_MS / 2);
            runLanes();
        }

        assertThat(owner.faults).isEmpty();
    }

    @Test
    void stoppingGivesEachAppendBackOnceAsSentOrUnsent() {
        active();
        append("x".repeat(3_000));
        append("y".repeat(3_000));
        append("z");

        var unfinished = writer().stop();

        assertThat(unfinished.sent()).hasSize(1);
        assertThat(unfinished.unsent()).hasSize(2);
        assertThat(laneA.closes()).isEqualTo(1);
        assertThat(laneB.closes()).isEqualTo(1);
    }

    @Test
    void whereCallersWaitForTheCommitLeasesRollBackToBack() {
        ack = WalSettings.Ack.COMMITTED;
        settings = settings(16_000, 128_000, 16_000, 4_000);
        append("a");
        acknowledge(laneA);

        assertThat(laneA.isCommitting()).as("without waiting for the roll").isTrue();
        append("b");
        append("c");
        acknowledge(laneB);
        assertThat(laneB.isCommitting()).as("what is committed is a prefix").isFalse();
        acknowledge(laneB);
        laneA.finishCommit();
        owner.turn();

        assertThat(laneB.isCommitting()).isTrue();
        assertThat(owner.committed).containsExactly(1L);
    }

    @Test
    void anIdleLogUsesBothLanesWhenTheyWereNotUsedForLong() {
        writer().touch(Duration.ofHours(12));
        assertThat(log.live()).as("just initialized").isEmpty();
        time.advance(Duration.ofHours(12).toMillis());
        owner.turn();

        writer().touch(Duration.ofHours(12));
        for (var lane : List.of(laneA, laneB)) {
            acknowledge(lane);
            time.advance(ROLL_MS);
            owner.turn();
            lane.finishCommit();
            owner.turn();
        }

        assertThat(log.committed()).containsExactly("7.0 lease", "7.0 lease");
        assertThat(writer().isIdle()).isTrue();
    }

    @Test
    void anAppendThatTheBrokerNeverTakesIsMarked() {
        active();
        laneA.refuses(header -> header instanceof WalHeader.Data data && data.lsn() == 2);
        laneA.refusesWith(LaneFault.Kind.TOO_LARGE);
        append("b");
        append("c");

        var sent = writer().stop().sent();

        assertThat(sent).extracting(entry -> entry.refused() != null).containsExactly(false, true);
    }

    /** Kafka's client fails everything that it has not sent yet with the error of the record that was refused. */
    @Test
    void whatFailsBehindARefusedAppendIsNotRefusedItself() {
        active();
        laneA.refuses(header -> header instanceof WalHeader.Data data && data.lsn() >= 2);
        laneA.refusesWith(LaneFault.Kind.TOO_LARGE).refusesLater();
        for (var value : List.of("b", "c", "d", "e")) {
            take(pending(value));
        }
        laneA.acknowledgeAll();

        var sent = writer().stop().sent();

        assertThat(sent).extracting(entry -> entry.refused() != null).containsExactly(false, true, false, false);
    }

    @Test
    void suspectsAreSentAloneAndTheRestTogetherAgain() {
        active();
        writer().sendAloneBelow(3);
        for (var value : List.of("b", "c", "d", "e")) {
            append(value);
        }
        writer().sendSomething();

        for (var alone = 1; alone <= 2; alone++) {
            assertThat(laneA.unacknowledged()).as("in flight").isEqualTo(1);
            acknowledge(laneA);
        }

        assertThat(laneA.unacknowledged()).isEqualTo(2);
        acknowledge(laneA);
        assertThat(owner.acknowledged).containsExactly("0-0", "1-1", "2-2", "3-3", "4-4");
    }

    @Test
    void aRefusalBlamesTheAppendThatIsInFlightAlone() {
        active();
        laneA.refuses(header -> header instanceof WalHeader.Data);
        laneA.refusesWith(LaneFault.Kind.REFUSED).refusesLater();
        append("b");

        acknowledge(laneA);

        assertThat(owner.faults).hasSize(1);
        assertThat(writer().stop().sent())
                .extracting(entry -> entry.refused() != null)
                .containsExactly(true);
    }

    @Test
    void aRefusalBlamesNobodyWhereMoreThanOneIsInFlight() {
        active();
        laneA.refuses(header -> header instanceof WalHeader.Data);
        laneA.refusesWith(LaneFault.Kind.REFUSED).refusesLater();
        append("b");
        append("c");

        acknowledge(laneA);

        assertThat(owner.faults).hasSize(1);
        assertThat(writer().stop().sent())
                .extracting(entry -> entry.refused() != null)
                .containsExactly(false, false);
    }

    @Test
    void anAcknowledgementOutOfOrderIsNoLossAndCompletesInOrder() {
        active();
        append("b");
        append("c");

        laneA.acknowledgeLast();
        owner.turn();
        assertThat(owner.acknowledged).containsExactly("0-0");
        laneA.acknowledgeOne();
        owner.turn();

        assertThat(owner.acknowledged).containsExactly("0-0", "1-1", "2-2");
        assertThat(owner.wentBack).isFalse();
    }

    @Test
    void nothingHappensAfterStopping() {
        active();
        append("b");
        writer().stop();

        acknowledge(laneA);
        time.advance(10 * ROLL_MS);
        owner.turn();

        assertThat(owner.acknowledged).containsExactly("0-0");
        assertThat(laneA.isCommitting()).isFalse();
    }

    @Test
    void aFailedCommitEndsTheWriter() {
        active();
        laneA.losesCommitAnswers();

        runUntilQuiet();

        assertThat(owner.faults).hasSize(1);
        assertThat(owner.committed).isEmpty();
    }

    @Test
    void aFailedLeaseRecordEndsTheWriter() {
        active();
        laneB.refuses(header -> header instanceof WalHeader.Lease);
        append("b");
        time.advance(ROLL_MS);
        owner.turn();

        assertThat(owner.faults).hasSize(1);
    }

    @Test
    void aLeaseRecordInThePlaceOfAnAcknowledgedRecordIsNoticed() {
        active();
        time.advance(ROLL_MS - 1);
        append("b");
        acknowledge(laneA);
        log.loseFrom(1);
        time.advance(1);
        owner.turn();
        assertThat(log.live()).as("in the place of 7.0/1").containsExactly("7.0/0", "7.0 lease");

        laneB.acknowledgeAll();
        owner.turn();

        assertThat(owner.wentBack).isTrue();
    }

    @Test
    void anAppendInThePlaceOfAnAcknowledgedLeaseRecordIsNoticed() {
        active();
        time.advance(ROLL_MS - 1);
        append("b");
        acknowledge(laneA);
        time.advance(1);
        owner.turn();
        acknowledge(laneB);
        log.loseFrom(offsetOf("7.0 lease"));
        append("c");
        acknowledge(laneB);

        assertThat(owner.wentBack).isTrue();
    }

    @Test
    void aLeaseRecordBelowAppendsThatCameAfterItIsNoLoss() {
        active();
        append("b");
        time.advance(ROLL_MS);
        owner.turn();
        append("c");
        acknowledge(laneA);
        assertThat(owner.acknowledged).endsWith("2-2");

        acknowledge(laneB);
        append("d");
        acknowledge(laneB);

        assertThat(owner.wentBack).isFalse();
        assertThat(owner.acknowledged).endsWith("3-3");
    }

    @Test
    void anOffsetThatIsNotAboveTheSnapshotOfTheOpeningIsNoticed() {
        // The topic was created again: its first offset is 0 once more.
        made = writer(5);
        append("a");
        acknowledge(laneA);

        assertThat(owner.wentBack).isTrue();
        assertThat(owner.acknowledged).isEmpty();
    }

    @Test
    void timeNeverGoesBackInTheLog() {
        active();
        time.setWall(1_000);
        append("b");

        assertThat(log.entries(Isolation.UNCOMMITTED).stream().map(LogEntry::timestampMs))
                .containsExactly(1_700_000_000_000L, 1_700_000_000_000L);
    }

    /** A lease on lane A, its first append acknowledged. */
    private void active() {
        append("first");
        acknowledge(laneA);
    }

    /** Lane B is the active one, and lane A's commit waits for the test. */
    private void rolledWithCommitUnderWay() {
        active();
        append("b");
        time.advance(ROLL_MS);
        owner.turn();
        laneB.acknowledgeAll();
        owner.turn();
        acknowledge(laneA);
        assertThat(laneA.isCommitting()).isTrue();
    }

    private void acknowledge(FakeLane lane) {
        lane.acknowledgeAll();
        owner.turn();
    }

    /** Lets lanes and clock go on until nothing can happen any more. */
    private void runUntilQuiet() {
        for (var round = 0; round < 20; round++) {
            runLanes();
            time.advance(ROLL_MS / 2);
            owner.turn();
        }
        runLanes();
    }

    /** Lets the lanes answer, without time. */
    private void runLanes() {
        for (var round = 0; round < 50; round++) {
            for (var lane : List.of(laneA, laneB)) {
                acknowledge(lane);
                if (lane.isCommitting()) {
                    lane.finishCommit();
                    owner.turn();
                }
            }
        }
    }

    private void append(String... values) {
        var batch = new ArrayList<Record>();
        for (var value : values) {
            batch.add(Record.of(value.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        }
        owner.sent++;
        take(PendingAppend.of(AppendRequest.of(batch)));
        owner.turn();
    }

    private static PendingAppend pending(String value) {
        return PendingAppend.of(AppendRequest.of(List.of(Texts.record(value))));
    }

    private void take(PendingAppend append) {
        writer().add(append);
        writer().sendWhatWaits();
    }

    private long offsetOf(String header) {
        return log.entries(Isolation.UNCOMMITTED)
                .get(log.live().indexOf(header))
                .offset();
    }

    private LeaseWriter writer() {
        if (made == null) {
            made = writer(-1);
        }
        return Objects.requireNonNull(made);
    }

    private LeaseWriter writer(long snapshotOffset) {
        log.initialize(Lane.A, laneA);
        log.initialize(Lane.B, laneB);
        var opened = new OpenedLog(
                new PChannel("orders", 0),
                new Stamp(7, 0),
                Map.of(Lane.A, laneA, Lane.B, laneB),
                0,
                0,
                new SnapshotAt(snapshotOffset, 0),
                0,
                new WriterSessions(WriterSessions.Bounds.of(settings)),
                0,
                new OwnOffsets(new Stamp(7, 0), new SnapshotAt(snapshotOffset, 0)));
        return new LeaseWriter(opened, settings, new ControlBody.Author("n1", "n1/1", null), time, owner);
    }

    private WalSettings settings(long rollBytes, long cap, long snapshotBytes, long windowBytes) {
        var defaults = WalSettings.defaults();
        return new WalSettings(
                new WalSettings.Lease(Duration.ofMillis(ROLL_MS), rollBytes, cap, snapshotBytes),
                new WalSettings.Limits(windowBytes, 1 << 20, (int) Math.min(windowBytes, 1_000)),
                defaults.timeouts(),
                ack);
    }

    /** Plays the log: a mailbox that runs when the test says so, and notes what it was told. */
    private final class Owner implements LeaseEvents {
        private final Deque<Runnable> mail = new ArrayDeque<>();
        private final List<String> acknowledged = new ArrayList<>();
        private final List<Long> committed = new ArrayList<>();
        private final List<LaneFault> faults = new ArrayList<>();
        private boolean wentBack;
        private int idles;
        private int sent;
        private int earlyMs;

        void turn() {
            while (!mail.isEmpty()) {
                mail.remove().run();
            }
        }

        @Override
        public void post(Runnable task) {
            mail.add(task);
        }

        @Override
        public void postAfter(long delayMs, Runnable task) {
            time.after(Math.max(1, delayMs - earlyMs), () -> mail.add(task));
        }

        @Override
        public void sent(long bytes) {}

        @Override
        public void acknowledged(List<InFlight.Entry> complete, long tail) {
            for (var entry : complete) {
                if (entry.append() != null) {
                    acknowledged.add(entry.first() + "-" + (entry.next() - 1));
                }
            }
        }

        @Override
        public void committed(long below) {
            committed.add(below);
        }

        @Override
        public void idle() {
            idles++;
        }

        @Override
        public void failed(LaneFault fault) {
            faults.add(fault);
        }

        @Override
        public void offsetWentBack(long before, long now) {
            wentBack = true;
        }
    }
}
