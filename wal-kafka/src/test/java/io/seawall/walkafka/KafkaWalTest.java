package io.seawall.walkafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.Record;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LogCursors;
import io.seawall.walkafka.port.Ports;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What callers of an opened log are told, and when. */
class KafkaWalTest {
    private static final PChannel PCHANNEL = new PChannel("orders", 0);

    private final ManualTime time = new ManualTime();
    private final FakeLog log = new FakeLog(time);
    private final FakeLane laneA = log.lane(Lane.A);
    private final FakeLane laneB = log.lane(Lane.B);
    private final CompletableFuture<WalException> diagnosis = new CompletableFuture<>();
    private final KafkaWal wal = wal();

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
    void refusesWhatBreaksARuleWithEffectNone() {
        var error = failure(wal.append(List.of()));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error.effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void aFullQueueRefusesAndTakesAgainOnceItIsEmptier() {
        laneA.holdsAcks();
        var first = append("first");
        var waiting = List.of(append("x".repeat(1_000)), append("x".repeat(1_000))); // as the first goes alone

        var refused = failure(append("x".repeat(1_000)));
        laneA.acknowledgeAll();
        laneA.acknowledgeAll();

        assertThat(first).isCompleted();
        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(refused.effect()).isEqualTo(Effect.NONE);
        assertThat(append("x".repeat(1_000))).isNotCompletedExceptionally();
    }

    @Test
    void closingFinishesAndCommitsAndRefusesWhatComesLater() {
        var before = append("a");

        wal.close();
        wal.close();

        assertThat(before.join().first()).isZero();
        assertThat(log.committed()).contains("7.0/0");
        assertThat(failure(append("b")).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(wal.ended()).isNotDone();
        assertThat(laneA.closes()).isPositive();
        assertThat(laneB.closes()).isPositive();
    }

    @Test
    void closingIsBoundedAndAnswersWhatHangs() {
        laneA.holdsAcks();
        var sent = append("a");
        var unsent = append("b");

        wal.close();

        assertThat(failure(sent).code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(failure(unsent).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(failure(unsent).effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void anErrorOfALaneEndsTheLogAndLeavesWhatWasSentUnknown() {
        laneA.holdsAcks();
        var sent = append("a");
        var unsent = append("b");
        laneB.refuses(record -> true);
        laneA.refuses(record -> true);
        wal.post(() -> wal.failed(new LaneFault(LaneFault.Kind.UNAVAILABLE, new IllegalStateException("planted"))));

        assertThat(failure(sent).effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(failure(sent).code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(failure(unsent).effect()).isEqualTo(Effect.NONE);
        assertThat(wal.ended()).isCompleted();
        assertThat(failure(append("c")).effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void aRivalEndsTheLogWithFencedOnceItIsFound() {
        laneA.holdsAcks();
        var sent = append("a");
        log.initialize(Lane.A, log.lane(Lane.A));
        wal.post(() -> wal.failed(new LaneFault(LaneFault.Kind.FENCED, new IllegalStateException("planted"))));
        var meanwhile = append("b");
        var waiter = wal.commit();
        assertThat(sent).isNotDone();
        assertThat(meanwhile).isNotDone();

        diagnosis.complete(Problem.of(ErrorCode.FENCED, "append").exception());

        assertThat(failure(sent).code()).isEqualTo(ErrorCode.FENCED);
        assertThat(failure(sent).effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(failure(meanwhile).code()).isEqualTo(ErrorCode.FENCED);
        assertThat(failure(meanwhile).effect()).isEqualTo(Effect.NONE);
        assertThat(failure(append("c")).code()).isEqualTo(ErrorCode.FENCED);
        assertThat(wal.ended().join().code()).isEqualTo(ErrorCode.FENCED);
        assertThat(waiter.isDone()).isTrue();
    }

    @Test
    void aBrokenInvariantEndsTheLogAndAnswersEverybody() {
        laneA.holdsAcks();
        var sent = append("a");

        wal.post(() -> {
            throw new IllegalStateException("planted");
        });

        assertThat(failure(sent).effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(wal.ended().join().code()).isEqualTo(ErrorCode.INTERNAL);
    }

    private CompletableFuture<Appended> append(String value) {
        return wal.append(List.of(record(value)));
    }

    private static Record record(String value) {
        return Record.of(value.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static WalException failure(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        var thrown = catchThrowableOfType(CompletionException.class, future::join);
        return (WalException) Objects.requireNonNull(thrown.getCause());
    }

    private KafkaWal wal() {
        log.initialize(Lane.A, laneA);
        log.initialize(Lane.B, laneB);
        var defaults = WalSettings.defaults();
        var timeouts = new WalSettings.Timeouts(
                Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(50), Duration.ofMillis(300));
        var settings = new WalSettings(defaults.lease(), new WalSettings.Limits(1_500, 2_500, 1_200), timeouts);
        LogCursors logCursors = (pchannel, isolation) -> log.cursor(isolation);
        var shared = new Shared(
                settings,
                NodeIdentity.withoutUrl("n1"),
                true,
                new Ports(
                        (pchannel, lane) -> lane == Lane.A ? laneA : laneB,
                        logCursors,
                        logCursors,
                        topic -> CompletableFuture.failedFuture(new IllegalStateException("not asked")),
                        new Ports.Platform(time, new Random(7), Runnable::run, Runnable::run)));
        var opened = new OpenedLog(PCHANNEL, new Stamp(7, 0), Map.of(Lane.A, laneA, Lane.B, laneB), 0, 0, -1, 0, 0);
        return new KafkaWal(opened, shared, new ControlBody.Author("n1", "n1/1", null), () -> diagnosis);
    }
}
