package io.seawall.walkafka.internal.write;

import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.open.Claimant;
import io.seawall.walkafka.internal.scan.Owners;
import io.seawall.walkafka.settings.WalSettings;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which records a superseded owner of term 7 finds in the log, after its snapshot at offset 0. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InDoubtResolverTest {
    private final FakeKafka kafka = new FakeKafka();
    private final FakePartition log = kafka.log();
    private @Nullable RuntimeException stopped;

    InDoubtResolverTest() {
        log.committed("7.0/0 snapshot");
    }

    @ParameterizedTest(name = "{0}, then {1}: below {2}")
    @CsvSource({
        "7.0/0; 7.0/1; 7.0/2, 8.0 claim, 3",
        "7.0/0+1; 7.0/1+0, 8.0 claim, 2",
        "7.0/0; 7.0/1+1, 8.0 claim, 1", // its batch is incomplete
        "7.0/0; 7.0/2, 8.0 claim, 1", // a hole
        "7.0/0; 7.0/1, 9.3 claim, 2",
        "7.0 lease, 8.0 claim, 0"
    })
    void recordsBelowTheFirstHigherClaimAreWritten(String own, String claim, long below) {
        log.aborted(own.split("; "));
        log.committed(claim);
        log.committed("8.0/0 snapshot", "8.0/0", "8.0/1");

        assertThat(search()).isCompletedWithValue(below);
    }

    @Test
    void recordsAfterThatClaimAreAnotherOwners() {
        log.aborted("7.0/0");
        log.committed("8.0 claim");
        log.committed("8.0/0@7", "8.0/1 snapshot", "8.0/1", "8.0/2");

        assertThat(search()).isCompletedWithValue(1L);
    }

    @Test
    void aLowerClaimAndAnAbortedOneMeanNothing() {
        log.aborted("7.0/0");
        log.committed("6.0 claim");
        log.aborted("9.0 claim");
        log.aborted("7.0/1");
        log.committed("8.0 claim");

        assertThat(search()).isCompletedWithValue(2L);
    }

    @Test
    void foreignRecordsMeanNothing() {
        log.committed("hello");
        log.aborted("7.0/0", "world", "7.0/1");
        log.committed("8.0 claim");

        assertThat(search()).isCompletedWithValue(2L);
    }

    @Test
    void waitsUntilTheClaimIsVisible() {
        log.aborted("7.0/0");
        var rival = log.open("8.0 claim");
        var search = search();
        kafka.time().advance(1_000);
        assertThat(search).isNotDone();

        log.end(rival, true);
        kafka.time().advance(100);

        assertThat(search).isCompletedWithValue(1L);
    }

    @Test
    void ifAppendsAreAnsweredAtTheCommitItWaitsForTheNextOwnersCommit() {
        kafka.with(kafka.settings().withAck(WalSettings.Ack.COMMITTED));
        log.aborted("7.0/0", "7.0/1");
        log.committed("8.0 claim");
        log.committed("8.0/0@7");
        var search = search();
        kafka.time().advance(1_000);
        assertThat(search).as("LSN 1 is only in an aborted transaction").isNotDone();

        log.committed("8.0/1@7", "8.0/2 snapshot");
        kafka.time().advance(100);

        assertThat(search).isCompletedWithValue(2L);
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void aNumberThatWasUsedTwiceIsALoss() {
        log.aborted("7.0/0", "7.0/1");
        log.aborted("7.1 claim", "7.1/0");
        log.committed("8.0 claim");

        assertThat(failure(search()).code()).isEqualTo(ErrorCode.DATA_LOSS);
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void anotherProgramsRecordsAreNotTakenForItsOwn() {
        log.aborted("7.0/0", "7.0/0");
        log.committed("8.0 claim");

        assertThat(failure(search()).code()).isEqualTo(ErrorCode.FORGED);
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void givesUpWhenItIsAskedTo() {
        log.open("7.0/0"); // keeps the last stable offset below it for ever
        var search = search();

        stopped = Problem.of(ErrorCode.SHUTTING_DOWN, "look").exception();
        kafka.time().advance(100);

        assertThat(failure(search)).isSameAs(stopped);
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void givesUpEvenIfTheLogEndsBelowTheOwnersSnapshot() {
        log.loseFrom(0);
        log.committed("8.0 claim"); // at the offset of the owner's snapshot
        var search = searchAfter(5);

        stopped = Problem.of(ErrorCode.SHUTTING_DOWN, "look").exception();
        kafka.time().advance(100);

        assertThat(failure(search)).isSameAs(stopped);
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void closesItsCursors() {
        log.committed("8.0 claim");

        assertThat(search()).isCompleted();
        assertThat(log.openCursors()).isZero();
    }

    private CompletableFuture<Long> search() {
        return searchAfter(0);
    }

    private CompletableFuture<Long> searchAfter(long snapshotOffset) {
        var claimant = new Claimant(FakeKafka.PCHANNEL, 7, kafka.shared());
        claimant.stampUsed(); // the opening's claim has won
        var snapshot = new SnapshotAt(snapshotOffset, 0);
        var writer = new Recovery.Stopped(new Stamp(7, 0), snapshot);
        return new InDoubtResolver(claimant, kafka.shared(), writer, Owners.Known.NOTHING, () -> stopped)
                .writtenBelow();
    }
}
