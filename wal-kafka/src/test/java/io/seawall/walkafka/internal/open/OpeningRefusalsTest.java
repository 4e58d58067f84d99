package io.seawall.walkafka.internal.open;

import static io.seawall.walkafka.internal.fake.TestRecords.record;
import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.TopicAdmin;
import io.seawall.walkafka.settings.NodeIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what an opening refuses, what it tries again, and its errors. Each refused opening must close its lanes and cursors. */
class OpeningRefusalsTest {
    private final FakeKafka kafka = new FakeKafka();
    private final FakePartition log = kafka.log();

    @ParameterizedTest
    @CsvSource({
        "8.0/0 snapshot, a snapshot of term 8",
        "8.0 claim; 8.0 lease, a claim of term 8",
        "8.1 claim; 8.1/0, a claim of term 8",
        "8.0/0 snapshot; 8.0/0, a snapshot of term 8",
        "8.0 claim, a claim of term 8"
    })
    void refusesATermThatTheLogHasSeenAndNamesTheRecordThatCarriesIt(String record, String holder) {
        log.committed("6.0/0 snapshot");
        log.committed(record.split("; "));

        var error = refused(8);

        assertThat(error.code()).isEqualTo(ErrorCode.TERM_EXPIRED);
        assertThat(error.problem().numbers()).containsEntry("term", 8L);
        assertThat(error).hasMessageContaining(holder).hasMessageContaining("above 8");
        assertThat(kafka.lanes()).as("nobody is disturbed").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.0 lease", "8.1/0", "8.0/0@6"})
    void ignoresATermThatNobodyClaimed(String foreign) {
        log.committed("6.0/0 snapshot", foreign);

        try (var wal = kafka.open(8)) {
            assertThat(wal.tail()).isZero();
        }
    }

    @Test
    void namesTheUrlOfTheHolder() {
        var author = new ControlBody.Author("n2", "n2/1", "http://n2:7070");
        var claim = new String(new ControlBody.Claim(author, "x", 0, "id-1").toBytes(), US_ASCII);
        log.committed(new WalHeader.Claim(new Stamp(8, 0)), claim);

        assertThat(refused(7)).hasMessageContaining("a claim of term 8 by node n2 at http://n2:7070");
    }

    @Test
    void refusesAnotherRecordAtTheOffsetOfTheOwnClaim() {
        kafka.everyLane(lane -> lane.afterCommit(() -> {
            log.loseFrom(0); // the topic is deleted and created again; another claim gets the offset
            log.committed("3.0 claim");
        }));

        var error = refused(7);

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error)
                .hasMessageContaining("something else at offset 0, where the own claim was committed")
                .hasMessageContaining("wal.open.timeout.ms");
        assertThat(kafka.lanes())
                .as("tried again, since a stale leader may have answered")
                .hasSizeGreaterThan(2);
    }

    @Test
    void looksAgainIfALaterOwnerTrimmedTheOwnClaim() {
        log.committed("6.0/0 snapshot", "6.0/0");
        kafka.nextLane(lane -> lane.afterCommit(() -> log.nextFetch(
                () -> { // right after the opening has seen its claim
                    log.committed("9.0 claim");
                    log.committed("9.0/1 snapshot");
                    log.deleteBelow(log.end() - 2);
                })));

        assertThat(refused(7).code()).as("not that records are lost").isEqualTo(ErrorCode.TERM_EXPIRED);
    }

    @Test
    void refusesALogWithACommittedRecordOfALaterFormat() {
        log.committed(new WalHeader.Claim(new Stamp(6, 0)), "{\"format\":2}");
        log.committed(new WalHeader.Snapshot(new Stamp(6, 0), 0), "{\"format\":2}");
        log.committed("6.0/0");
        log.aborted("6.0/1");

        var error = refused(7);

        assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(error).hasMessageContaining("format 2").hasMessageContaining("upgrade");
        assertThat(log.committed()).as("nothing is written again").doesNotContain("7.0/1@6");
    }

    @Test
    void refusesALogWithAnUncommittedRecordOfALaterFormat() {
        log.committed("6.0/0 snapshot", "6.0/0");
        log.aborted(new WalHeader.Lease(new Stamp(6, 0)), "{\"format\":2}");
        log.aborted("6.0/1");

        assertThat(refused(7)).hasMessageContaining("format 2");
    }

    @Test
    void refusesAnEmptiedLogAndStatesHowToRestoreIt() {
        log.committed("6.0/0 snapshot", "6.0/0");
        log.deleteBelow(log.end());

        var error = refused(7);

        assertThat(error.code()).isEqualTo(ErrorCode.DATA_LOSS);
        assertThat(error)
                .hasMessageContaining("starts at offset 3")
                .hasMessageContaining("./seawall segments ls orders-0")
                .hasMessageContaining("./seawall segments restore")
                .hasMessageContaining("docs/operations.md");
    }

    @Test
    void acceptsTermsOfNineteenDigits() {
        var nanos = 1_700_000_000_000_000_000L; // a clock in nanoseconds, which a coordinator may use for terms
        kafka.open(nanos).append(List.of(record("a"))).join();

        assertThat(refused(nanos).code()).isEqualTo(ErrorCode.TERM_EXPIRED);
        assertThat(kafka.open(Long.MAX_VALUE).tail()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"FORBIDDEN, INTERNAL, false", "GONE, UNAVAILABLE, true", "UNAVAILABLE, UNAVAILABLE, true"})
    void triesAgainOnlyAfterErrorsThatMayPass(LaneFault.Kind kind, ErrorCode code, boolean again) {
        var looks = new AtomicInteger();
        kafka.withTopics(topic -> {
            looks.incrementAndGet();
            return CompletableFuture.failedFuture(new LaneFault(kind, new IllegalStateException("planted")));
        });

        var error = refused(7);

        assertThat(error.code()).isEqualTo(code);
        assertThat(looks.get() > 1).as("tried again").isEqualTo(again);
    }

    @Test
    void doesNotWaitForAMissingTopic() {
        var opening = kafka.withTopics(topic -> CompletableFuture.failedFuture(
                        Problem.of(ErrorCode.NOT_FOUND, "look").exception()))
                .opening(7);

        opening.start();

        assertThat(failure(opening.wal()).code()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void anOpeningThatHangsStatesItsStepAndTheSettingThatEndedIt() {
        log.committed("6.0/0 snapshot");
        log.open("6.0/0"); // a foreign transaction that nobody ends

        assertThat(refused(7))
                .hasMessageContaining("waiting for the claim at offset 3 to become visible")
                .hasMessageContaining("wal.open.timeout.ms")
                .hasMessageContaining("another transaction is open on the partition");
    }

    @Test
    void statesTheFixIfTheBrokerRefusesACopyForItsSize() {
        log.committed("6.0/0 snapshot");
        log.aborted("6.0/0");
        kafka.everyLane(lane -> lane.refusesLsn(0).refusesWith(LaneFault.Kind.TOO_LARGE));

        var error = refused(7);

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error).hasMessageContaining("raise the topic's max.message.bytes");
    }

    @Test
    void refusesAnUnsafeSettingAtTheOpeningButNotInALogInUse() {
        var safe = kafka.facts();
        var settings = new HashMap<>(safe.settings());
        settings.put("retention.ms", "1000");
        var unsafe = new TopicAdmin.Facts(safe.id(), 1, 3, settings);
        var wal = kafka.open(7);
        kafka.withTopics(topic -> CompletableFuture.completedFuture(unsafe));

        log.initialize(Lane.A, log.lane(Lane.A));
        var append = wal.append(List.of(record("a")));
        kafka.time().advance(1_000);

        assertThat(append).isCompleted();
        assertThat(wal.epoch()).isEqualTo(1);
        assertThat(refused(8)).hasMessageContaining("retention.ms=1000");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusesAMissingPartitionEvenIfUnsafeTopicsAreAllowed(boolean strict) {
        kafka.withTopics(topic -> CompletableFuture.completedFuture(
                new TopicAdmin.Facts("id-1", 0, 3, kafka.facts().settings())));
        var shared = new WalContext(kafka.settings(), NodeIdentity.withoutUrl("n1"), strict, kafka.ports());
        var opening = FakeKafka.opening(FakeKafka.PCHANNEL, 7, shared);

        opening.start();

        assertThat(failure(opening.wal()).code()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    private WalException refused(long term) {
        var opening = kafka.opening(term);
        opening.start();
        kafka.time().advance(kafka.settings().timeouts().open().toMillis() + 1_000);
        var error = failure(opening.wal());
        assertThat(kafka.lanes()).allMatch(lane -> lane.closes() > 0);
        assertThat(log.openCursors()).isZero();
        return error;
    }
}
