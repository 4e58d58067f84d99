package io.seawall.walkafka.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests sends and commits that fail, and offsets that do not rise. */
class LeaseWriterFailureTest extends LeaseWriterFixture {
    @Test
    void afterTheFirstFailureLaterAcknowledgementsAreIgnored() {
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

        writer().sendQueue();

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
    void aTopicThatSeemsGoneIsIgnoredWhileAppendsAreAcknowledged() {
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
    void stoppingGivesNoControlRecordBack() {
        active();
        writer().requestSend();
        append("a");

        assertThat(writer().stop().sent()).hasSize(1);
    }

    @Test
    void ifAppendsAreAnsweredAtTheCommitLeasesFollowWithoutAPause() {
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
        writer().keepLanesAlive(Duration.ofHours(12));
        assertThat(log.live()).as("just initialized").isEmpty();
        time.advance(Duration.ofHours(12).toMillis());
        owner.turn();

        writer().keepLanesAlive(Duration.ofHours(12));
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
    void anAppendThatTheBrokerRefusesIsMarked() {
        active();
        laneA.refuses(header -> header instanceof WalHeader.Data data && data.lsn() == 2);
        laneA.refusesWith(LaneFault.Kind.TOO_LARGE);
        append("b");
        append("c");

        var sent = writer().stop().sent();

        assertThat(sent).extracting(entry -> entry.refused() != null).containsExactly(false, true);
    }

    /** Kafka's client fails all records that it has not sent yet with the error of the refused one. */
    @Test
    void appendsThatFailAfterARefusedOneAreNotMarked() {
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
        writer().requestSend();

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
        assertThat(owner.faults).isEmpty();
    }

    @Test
    void aWriterThatWasStoppedIsNeverIdle() {
        writer().stop();

        writer().finish();

        assertThat(owner.idles).isZero();
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
}
