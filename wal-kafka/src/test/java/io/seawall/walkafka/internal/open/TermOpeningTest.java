package io.seawall.walkafka.internal.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.LogRecord;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakeLane;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.fake.ThrownErrors;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the steps of docs/protocol.md#opening against a partition in memory, with faults at each step. */
class TermOpeningTest {
    private final FakeKafka kafka = new FakeKafka();
    private final ManualTime time = kafka.time();
    private final FakePartition log = kafka.log();
    private final List<FakeLane> lanes = kafka.lanes();

    @Test
    void opensAnEmptyLogWithAClaimAndASnapshot() {
        var wal = opened(open(7));

        assertThat(wal.tail()).isZero();
        assertThat(log.committed()).containsExactly("7.0 claim", "7.0/0 snapshot");
    }

    @Test
    void writesAgainWhatWasAcknowledgedButNotCommitted() {
        log.committed("6.0 claim", "6.0/0 snapshot", "6.0/0");
        log.aborted("6.0/1", "6.0/2+1", "6.0/3+0");

        var wal = opened(open(7));

        assertThat(wal.tail()).isEqualTo(4);
        assertThat(log.committed())
                .endsWith("6.0/0", "7.0 claim", "7.0/1@6", "7.0/2+1@6", "7.0/3+0@6", "7.0/4 snapshot");
    }

    /** The topic was deleted and created again, and a record of the former log's owner arrived in the new topic. */
    @ParameterizedTest
    @ValueSource(strings = {"5.0/10", "5.0/0", "9.0/10"})
    void recordsOfAFormerLogThatStandBeforeTheFirstClaimAreVoid(String stray) {
        log.aborted(stray);
        log.committed("6.0 claim", "6.0/0 snapshot", "6.0/0");
        log.aborted("6.0/1");

        var wal = opened(open(7));

        assertThat(wal.tail()).isEqualTo(2);
        for (var view : View.values()) {
            for (var from : List.of(StartPosition.oldest(), StartPosition.atLsn(0))) {
                try (var reader = kafka.readers().open(FakeKafka.PCHANNEL, from, view)) {
                    assertThat(reader.poll(10, Duration.ofSeconds(1)))
                            .extracting(LogRecord::lsn)
                            .containsExactly(0L, 1L);
                }
            }
        }
    }

    @Test
    void dropsAnIncompleteBatchAtTheEnd() {
        log.committed("6.0/0 snapshot", "6.0/0");
        log.aborted("6.0/1", "6.0/2+2", "6.0/3+1");

        var wal = opened(open(7));

        assertThat(wal.tail()).isEqualTo(2);
        assertThat(log.committed()).endsWith("7.0/1@6", "7.0/2 snapshot");
    }

    @Test
    void dropsTheRecordsBehindAHole() {
        log.committed("6.0/0 snapshot", "6.0/0");
        log.aborted("6.0/1", "6.0/3", "6.0/2");

        var wal = opened(open(7));

        assertThat(wal.tail()).isEqualTo(2);
        assertThat(log.committed()).endsWith("7.0/1@6", "7.0/2 snapshot");
    }

    @Test
    void keepsTimestampsAndNeverGoesBackInTime() {
        time.setWall(5_000_000);
        log.committed("6.0/0 snapshot", "6.0/0");
        log.aborted("6.0/1");
        time.setWall(1_000_000);

        opened(open(7));

        var times = log.entries(Isolation.COMMITTED).stream()
                .map(LogEntry::timestampMs)
                .toList();
        assertThat(times).containsOnly(5_000_000L);
    }

    @Test
    void losesNothingWhenAnEarlierOwnerDiedBetweenTwoTransactionsOfItsRepublication() {
        // Term 6 acknowledged 1 to 3; term 7 wrote 1 again, committed that and died.
        log.committed("6.0/0 snapshot", "6.0/0");
        log.aborted("6.0/1", "6.0/2", "6.0/3");
        log.committed("7.0 claim");
        log.committed("7.0/1@6");
        log.aborted("7.0/2@6");

        var wal = opened(open(8));

        assertThat(wal.tail()).isEqualTo(4);
        assertThat(log.committed())
                .containsExactly(
                        "6.0/0 snapshot",
                        "6.0/0",
                        "7.0 claim",
                        "7.0/1@6",
                        "8.0 claim",
                        "8.0/2@6",
                        "8.0/3@6",
                        "8.0/4 snapshot");
    }

    @Test
    void losesNothingWhenTwoOwnersInARowDiedDuringRepublication() {
        log.committed("6.0/0 snapshot", "6.0/0");
        log.aborted("6.0/1", "6.0/2", "6.0/3");
        log.committed("7.0 claim");
        log.committed("7.0/1@6");
        log.committed("8.0 claim");
        log.committed("8.0/2@6");

        var wal = opened(open(9));

        assertThat(wal.tail()).isEqualTo(4);
        assertThat(log.committed()).endsWith("8.0/2@6", "9.0 claim", "9.0/3@6", "9.0/4 snapshot");
    }

    @Test
    void republishesInTransactionsOfBoundedSizeEvenIfRecordsAreEmpty() {
        var lease = new WalSettings.Lease(Duration.ofSeconds(1), Duration.ofSeconds(1), 200, 1_000, 1_000);
        kafka.with(kafka.settings().withLease(lease));
        log.committed("6.0/0 snapshot");
        var headers = new ArrayList<String>();
        for (var lsn = 0; lsn < 10; lsn++) {
            headers.add("6.0/" + lsn);
        }
        log.aborted(headers.toArray(String[]::new));
        var commits = new int[1];
        kafka.nextLane(lane -> lane.beforeCommit(() -> commits[0]++));

        opened(open(7));

        assertThat(commits[0]).as("the claim, and several transactions").isGreaterThanOrEqualTo(4);
        assertThat(log.committed()).endsWith("7.0/9@6", "7.0/10 snapshot");
    }

    @Test
    void neverCommitsARepublicationThatLostARecordOnTheWay() {
        log.committed("6.0/0 snapshot");
        log.aborted("6.0/0", "6.0/1", "6.0/2");
        kafka.nextLane(lane -> lane.refusesLsn(1));

        var wal = opened(open(7));

        assertThat(wal.tail()).isEqualTo(3);
        assertThat(lsnsOf(log.committed())).containsExactly("0", "1", "2");
    }

    private static List<String> lsnsOf(List<String> headers) {
        return headers.stream()
                .filter(header -> header.contains("@"))
                .map(header -> header.substring(header.indexOf('/') + 1, header.indexOf('@')))
                .toList();
    }

    @Test
    void refusesATermThatTheLogHasSeenBeforeItDisturbsAnybody() {
        log.committed("8.0 claim", "8.0/0 snapshot");

        var error = failure(open(8));

        assertThat(error.code()).isEqualTo(ErrorCode.TERM_EXPIRED);
        assertThat(lanes).isEmpty();
    }

    @Test
    void refusesATermBelowAClaimThatStandsBehindTheLastRecord() {
        log.committed("6.0/0 snapshot");
        log.committed("9.0 claim");
        log.committed("8.0 claim");

        var error = failure(open(9));

        assertThat(error.code()).isEqualTo(ErrorCode.TERM_EXPIRED);
    }

    @Test
    void stopsIfAHigherTermClaimsTheLogDuringTheOpening() {
        log.committed("6.0/0 snapshot");
        kafka.nextLane(lane -> {
            log.committed("9.0 claim"); // after step 0, which ends before the first lane is made
            return lane;
        });

        var error = failure(open(7));

        assertThat(error.code()).isEqualTo(ErrorCode.TERM_EXPIRED);
        assertThat(error.problem().numbers()).containsEntry("term", 9L);
        assertThat(log.committed()).endsWith("9.0 claim", "7.0 claim");
        assertThat(lanes).allMatch(lane -> lane.closes() == 1);
    }

    @Test
    void startsAgainWhenItIsFencedBeforeItsClaimIsCommitted() {
        kafka.nextLane(lane -> lane.beforeCommit(() -> log.initialize(Lane.A, log.lane(Lane.A))));

        var wal = opened(open(7));

        assertThat(wal.tail()).isZero();
        assertThat(log.committed()).containsExactly("7.0 claim", "7.0/0 snapshot");
        assertThat(lanes).hasSize(4);
        assertThat(lanes.subList(0, 2)).allMatch(lane -> lane.closes() == 1);
    }

    @Test
    void triesAgainIfTheAnswerToTheCommitOfItsClaimIsLost() {
        kafka.nextLane(FakeLane::losesCommitAnswers);

        var wal = opened(open(7));

        assertThat(wal.term()).isEqualTo(7);
        assertThat(log.committed()).endsWith("7.0 claim", "7.0/0 snapshot");
    }

    @Test
    void raisesItsEpochAfterAFailureBehindItsClaim() {
        log.committed("6.0/0 snapshot");
        log.aborted("6.0/0");
        kafka.nextLane(lane -> lane.beforeCommit(() -> {
            if (log.live().contains("7.0/1 snapshot")) {
                lane.losesCommitAnswers();
            }
        }));

        var wal = opened(open(7));

        assertThat(wal.epoch()).isEqualTo(1);
        assertThat(wal.tail()).isEqualTo(1);
        assertThat(log.committed()).endsWith("7.0/1 snapshot", "7.1 claim", "7.1/1 snapshot");
    }

    @Test
    void startsAgainWhenAnInitializationFails() {
        kafka.nextLane(FakeLane::losesInitAnswers);

        assertThat(opened(open(7)).tail()).isZero();
    }

    @Test
    void givesUpAtItsDeadlineAndReleasesEverything() {
        log.committed("6.0/0 snapshot");
        log.open("6.0/0"); // a foreign transaction that nobody ends: the last stable offset stays below the claim

        var error = failure(open(7));

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(lanes).isNotEmpty().allMatch(lane -> lane.closes() >= 1);
        assertThat(kafka.cursors()).allMatch(cursor -> cursor.closes() >= 1);
    }

    @Test
    void releasesLanesThatHangWhenTheDeadlinePasses() {
        kafka.nextLane(FakeLane::holdsCommits);

        var opening = open(7);
        assertThat(opening.wal()).isNotDone();
        time.advance(kafka.settings().timeouts().open().toMillis());

        assertThat(lanes).hasSize(2).allMatch(lane -> lane.closes() == 1);
    }

    @Test
    void releasesLanesThatHangWhenItIsCancelled() {
        kafka.nextLane(FakeLane::holdsCommits);

        var opening = open(7);
        opening.cancel();

        assertThat(lanes).hasSize(2).allMatch(lane -> lane.closes() == 1);
    }

    @Test
    void aCancelAfterTheOpeningLeavesTheLogUsable() {
        var opening = new TermOpening[1];
        var finished = new int[1];
        kafka.nextLane(lane -> lane.beforeCommit(() -> {
            if (log.live().contains("7.0/0 snapshot")) {
                finished[0]++;
            }
        }));
        opening[0] = open(7);
        var wal = opened(opening[0]);

        opening[0].cancel();

        assertThat(finished[0]).isEqualTo(1);
        assertThat(lanes).allMatch(lane -> lane.closes() == 0);
        assertThat(wal.ended()).isNotDone();
    }

    @Test
    void aCancelDuringTheLastCommitFailsTheOpeningAndClosesTheLanes() {
        var opening = kafka.opening(7);
        kafka.nextLane(lane -> lane.beforeCommit(() -> {
            if (log.live().contains("7.0/0 snapshot")) {
                opening.cancel();
            }
        }));
        opening.start();

        var error = failure(opening);

        assertThat(error.code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(lanes).allMatch(lane -> lane.closes() >= 1);
    }

    @Test
    void refusesALogWhoseRecordsSomebodyDeleted() {
        log.committed("6.0/0 snapshot", "6.0/0");
        log.deleteBelow(log.end());

        var error = failure(open(7));

        assertThat(error.code()).isEqualTo(ErrorCode.DATA_LOSS);
    }

    @Test
    void refusesALogThatUsedANumberTwice() {
        log.committed("6.0/0 snapshot", "6.0/0");
        log.aborted("6.0/1", "6.0/2");
        log.aborted("6.1 claim", "6.1/1");

        var error = failure(open(7));

        assertThat(error.code()).isEqualTo(ErrorCode.DATA_LOSS);
        assertThat(lanes).allMatch(lane -> lane.closes() >= 1);
    }

    private TermOpening open(long term) {
        var opening = kafka.opening(term);
        opening.start();
        return opening;
    }

    private FlushableWal opened(TermOpening opening) {
        time.advance(1_000); // pauses between attempts
        assertThat(opening.wal()).isCompleted();
        return opening.wal().join();
    }

    private WalException failure(TermOpening opening) {
        time.advance(1_000);
        return ThrownErrors.failure(opening.wal());
    }
}
