package io.seawall.walkafka.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.port.LogCursor.Isolation;
import org.junit.jupiter.api.Test;

/** Tests the two lanes of an opened log (docs/protocol.md#lanes). */
class LeaseWriterTest extends LeaseWriterFixture {
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
        rolledWithCommitInProgress();
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
        rolledWithCommitInProgress();
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
    void atTheUncommittedCapNoLeaseBeginsBeforeACommit() {
        settings = settings(4_000, 8_000, 100_000, 4_000);
        rolledWithCommitInProgress();
        for (var sent = 0; sent < 3; sent++) {
            append("x".repeat(3_000));
            acknowledge(laneB);
        }
        time.advance(2 * ROLL_MS);
        laneA.finishCommit();
        owner.turn();
        assertThat(laneB.isCommitting()).as("nothing was appended for a while").isTrue();

        append("late");
        assertThat(laneA.unacknowledged()).isZero();
        laneB.finishCommit();
        owner.turn();

        assertThat(laneA.unacknowledged()).isEqualTo(1);
    }

    @Test
    void theBytesOfEachAppendLeaveTheQueueOnce() {
        var first = pending("first");
        var second = pending("second");
        take(first);
        take(second);
        assertThat(owner.sentBytes).as("the first append goes alone").isEqualTo(first.sizeBytes());

        runUntilQuiet();

        assertThat(owner.sentBytes).isEqualTo(first.sizeBytes() + second.sizeBytes());
    }

    @Test
    void aWantedSnapshotIsWrittenThoughEachSendTakesLongerThanALease() {
        writer().writeSnapshot();
        time.advance(2 * ROLL_MS);

        acknowledge(laneA);

        assertThat(log.live()).contains("7.0/0 snapshot");
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
        rolledWithCommitInProgress();
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
    void aDemandedCommitDoesNotWaitForTheRoll() {
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
    void timeNeverGoesBackInTheLog() {
        active();
        time.setWall(1_000);
        append("b");

        assertThat(log.entries(Isolation.UNCOMMITTED).stream().map(LogEntry::timestampMs))
                .containsExactly(1_700_000_000_000L, 1_700_000_000_000L);
    }

    @Test
    void leasesGrowOlderWhereManyLogsAreWrittenTo() {
        others(9);
        active();
        append("b");

        time.advance(2 * ROLL_MS - 1);
        owner.turn();
        assertThat(log.live()).as("10 logs, of which 5 roll in a second").noneMatch(header -> header.contains("lease"));

        time.advance(1);
        owner.turn();
        assertThat(log.live()).anyMatch(header -> header.contains("lease"));
    }

    @Test
    void aLeaseRollsAtTheLongestAgeHoweverManyLogsAreWrittenTo() {
        others(1_000);
        active();
        append("b");

        time.advance(LONGEST_ROLL_MS);
        owner.turn();

        assertThat(log.live()).anyMatch(header -> header.contains("lease"));
    }

    @Test
    void aLeaseThatWasNotDueIsCheckedAgainWhateverOtherLogsDo() {
        active();
        append("b");
        others(9); // begins after the check was set for 1 s

        time.advance(ROLL_MS);
        owner.turn();
        assertThat(log.live()).noneMatch(header -> header.contains("lease"));

        time.advance(ROLL_MS);
        owner.turn();
        assertThat(log.live()).anyMatch(header -> header.contains("lease"));
    }

    @Test
    void aLogThatIsIdleOrStoppedIsNotCounted() {
        others(9);
        active();
        assertThat(pace.rollMs()).isEqualTo(2_000);

        runUntilQuiet();
        assertThat(pace.rollMs()).as("idle").isEqualTo(1_800);

        append("c");
        assertThat(pace.rollMs()).isEqualTo(2_000);
        writer().stop();
        assertThat(pace.rollMs()).as("stopped").isEqualTo(1_800);
        writer().stop();
        assertThat(pace.rollMs()).as("stopped twice").isEqualTo(1_800);
    }

    private void others(int count) {
        for (var other = 0; other < count; other++) {
            pace.begun();
        }
    }
}
