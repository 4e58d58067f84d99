package io.seawall.walkafka.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakeLane;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.open.Claimant;
import io.seawall.walkafka.internal.write.Recovery.Outcome;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.TopicAdmin;
import java.time.Duration;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Tests recoveries of a log of term 7, whose snapshot is at offset 2 and which has one uncommitted record. */
class RecoveryTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final FakeKafka kafka = new FakeKafka();
    private final FakePartition log = kafka.log();
    private final Claimant claimant = new Claimant(FakeKafka.PCHANNEL, 7, kafka.shared());

    RecoveryTest() {
        claimant.stampUsed();
        log.committed("7.0 claim");
        log.committed("7.0/0 snapshot");
        log.aborted("7.0/0");
    }

    @Test
    void takesTheLogBackAtTheNextEpoch() {
        var back = ended(recovery(), Outcome.Back.class);

        assertThat(back.log().stamp()).isEqualTo(new Stamp(7, 1));
        assertThat(back.log().tail()).isEqualTo(1);
        assertThat(log.committed()).endsWith("7.1 claim", "7.1/0@7", "7.1/1 snapshot");
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void disturbsNobodyDuringThePause() {
        var recovery = recovery().run(Duration.ofMillis(300));
        kafka.time().advance(299);
        assertThat(kafka.lanes()).isEmpty();

        kafka.time().advance(1);

        assertThat(recovery).isCompletedWithValueMatching(Outcome.Back.class::isInstance);
    }

    @Test
    void aHigherTermIsNotDisturbedAndTheLogTellsWhatWasWritten() {
        log.committed("9.0 claim");

        var over = ended(recovery(), Outcome.Over.class);

        assertThat(over.cause().code()).isEqualTo(ErrorCode.FENCED);
        assertThat(over.cause().problem().numbers()).containsEntry("term", 9L);
        assertThat(over.writtenBelow()).isEqualTo(1);
        assertThat(kafka.lanes()).isEmpty();
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void aHigherTermThatClaimsDuringTheRecoveryEndsItToo() {
        kafka.nextLane(lane -> lane.beforeCommit(() -> log.initialize(Lane.A, log.lane(Lane.A))));
        kafka.nextLane(lane -> {
            log.committed("9.0 claim");
            return lane;
        });

        var over = ended(recovery(), Outcome.Over.class);

        assertThat(over.cause().code()).isEqualTo(ErrorCode.FENCED);
        assertThat(over.writtenBelow()).isEqualTo(1);
        assertThat(kafka.lanes()).allMatch(lane -> lane.closes() > 0);
    }

    @Test
    void recordsThatAreMissingBelowTheHigherClaimLeaveTheOutcomeUnknown() {
        log.aborted("7.1 claim", "7.1/0"); // again
        log.committed("9.0 claim");

        var over = ended(recovery(), Outcome.Over.class);

        assertThat(over.cause().code()).isEqualTo(ErrorCode.DATA_LOSS);
        assertThat(over.writtenBelow()).isEqualTo(-1);
    }

    @Test
    void aHigherClaimThatWasTrimmedLeavesTheOutcomeUnknown() {
        log.committed("9.0 claim");
        log.committed("9.0/1 snapshot", "9.0/1");
        log.deleteBelow(log.end() - 2);

        var over = ended(recovery(), Outcome.Over.class);

        assertThat(over.cause().code()).isEqualTo(ErrorCode.FENCED);
        assertThat(over.writtenBelow()).isEqualTo(-1);
    }

    @Test
    void aLogThatLostItsEndToAHigherTermIsGivenUpAtTheDeadline() {
        log.loseFrom(0);
        log.committed("9.0 claim");

        var over = ended(recovery(), Outcome.Over.class);

        assertThat(over.cause().code()).isEqualTo(ErrorCode.FENCED);
        assertThat(over.writtenBelow()).isEqualTo(-1);
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void aRecoveryEndsAtItsDeadlineWithTheLastErrorAndTheSetting() {
        kafka.everyLane(FakeLane::losesInitAnswers);

        var over = ended(recovery(), Outcome.Over.class);

        assertThat(over.cause().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(over.cause())
                .hasMessageContaining("planted")
                .hasMessageContaining("wal.recover.timeout.ms")
                .hasMessageContaining("open the log at a higher term");
        assertThat(over.writtenBelow()).isEqualTo(-1);
        assertThat(kafka.lanes()).hasSizeGreaterThan(2).allMatch(lane -> lane.closes() > 0);
    }

    @Test
    void aRecoveryThatATopicSettingPreventsNamesTheSettingAndLogsFewLines() {
        // The topic was altered while the log was open. Brokers then refuse records without a key.
        ended(recovery(), Outcome.Back.class);
        var settings = new HashMap<>(kafka.facts().settings());
        settings.put("cleanup.policy", "compact");
        var altered = new TopicAdmin.Facts(kafka.facts().id(), 1, 3, settings);
        kafka.withTopics(topic -> CompletableFuture.completedFuture(altered));
        kafka.everyLane(
                lane -> lane.refuses(WalHeader.Claim.class::isInstance).refusesWith(LaneFault.Kind.UNAVAILABLE));

        var over = ended(recovery(), Outcome.Over.class);

        assertThat(over.cause()).hasMessageContaining("topic setting cleanup.policy=compact, expected delete");
        assertThat(kafka.lanes()).as("attempts").hasSizeGreaterThan(200);
        assertThat(claimant.repetitions().lines()).as("lines in the log").isBetween(2, 6);
    }

    @Test
    void aCancelledRecoveryIsUnavailableToCallers() {
        kafka.everyLane(FakeLane::holdsCommits);
        var recovery = recovery();
        var running = recovery.run(Duration.ZERO);

        recovery.cancel();
        kafka.lanes().get(0).finishCommit();
        kafka.time().advance(1_000);

        assertThat(running)
                .isCompletedWithValueMatching(outcome ->
                        outcome instanceof Outcome.Over over && over.cause().code() == ErrorCode.UNAVAILABLE);
        assertThat(kafka.lanes()).allMatch(lane -> lane.closes() > 0);
    }

    @Test
    void aMissingPermissionEndsTheRecoveryAtOnce() {
        kafka.withTopics(topic -> CompletableFuture.failedFuture(
                new LaneFault(LaneFault.Kind.FORBIDDEN, new IllegalStateException("planted"))));

        assertThat(recovery().run(Duration.ZERO))
                .isCompletedWithValueMatching(outcome ->
                        outcome instanceof Outcome.Over over && over.cause().code() == ErrorCode.INTERNAL);
    }

    @Test
    void acknowledgedRecordsThatAreMissingAreALoss() {
        log.aborted("7.1 claim", "7.1/0"); // again

        var over = ended(recovery(), Outcome.Over.class);

        assertThat(over.cause().code()).isEqualTo(ErrorCode.DATA_LOSS);
        assertThat(over.writtenBelow()).isEqualTo(-1);
        assertThat(kafka.lanes()).allMatch(lane -> lane.closes() > 0);
    }

    private Recovery recovery() {
        var stopped = new Recovery.Stopped(new Stamp(7, 0), new SnapshotAt(2, 0));
        return new Recovery(claimant, kafka.shared(), stopped, TIMEOUT);
    }

    private <T extends Outcome> T ended(Recovery recovery, Class<T> how) {
        var outcome = recovery.run(Duration.ZERO);
        kafka.time().advance(TIMEOUT.toMillis() + 1_000);
        assertThat(outcome).isCompleted();
        return assertThat(outcome.join())
                .asInstanceOf(InstanceOfAssertFactories.type(how))
                .actual();
    }
}
