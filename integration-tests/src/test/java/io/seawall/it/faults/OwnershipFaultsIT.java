package io.seawall.it.faults;

import static io.seawall.it.faults.FaultyKafka.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.it.proxy.Frame.Direction;
import io.seawall.it.proxy.FrameFault;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.OwnershipException;
import io.seawall.wal.View;
import io.seawall.wal.Wal;
import io.seawall.walkafka.KafkaWals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two processes that each believe that they own a log, and the requests that were in flight when one of them lost it: T3,
 * T5, T7, T8 of docs/faults.md.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class OwnershipFaultsIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int STORM = 20;
    private static final int STALE = 3;
    private static final int DUELS = 8;

    private static FaultyKafka kafka;
    private static KafkaWals zombie;
    private static KafkaWals successor;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(1, UnaryOperator.identity());
        zombie = kafka.throughProxy("zombie");
        successor = kafka.directly("successor");
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static ErrorCode end(Wal wal) {
        return wal.ended().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join().code();
    }

    /** T3. */
    @Test
    void bytesOfAZombieThatArriveAfterTheTakeoverAreRefused() {
        var pchannel = kafka.create(zombie, "late-produce");
        var appends = new Appends(pchannel);
        try (var old = open(zombie, pchannel, 1)) {
            appends.appendEach(old, "before", 20);
            var held = kafka.proxy()
                    .plant(FrameFault.hold(Direction.REQUEST, ApiKeys.PRODUCE).carrying("too-late"));
            var late = appends.append(old, "too-late");
            held.awaitStruck(SOON);
            try (var wal = open(successor, pchannel, 2)) {
                appends.appendEach(wal, "after", 5);

                held.release();

                assertThat(end(old)).isEqualTo(ErrorCode.FENCED);
                appends.awaitAnswers(SOON);
                assertThat(late).isCompletedExceptionally();
                appends.appendEach(wal, "end", 5);
            }
        }
        var log = Verdict.of(kafka, appends);
        assertThat(log).hasSize(30);
        assertThat(Verdict.data(Verdict.raw(kafka, pchannel, "read_uncommitted")))
                .as("not even as a void record")
                .noneMatch(entry -> entry.value().equals("too-late"));
    }

    /** T5. */
    @Test
    void aCommitOfAZombieThatArrivesLateCommitsNothingOfItsSuccessor() {
        var pchannel = kafka.create(zombie, "late-commit");
        var appends = new Appends(pchannel);
        var patient = kafka.throughProxy("patient", QuickSettings.rolling(Duration.ofSeconds(60)));
        var old = open(zombie, pchannel, 1);
        var held = kafka.proxy()
                .plant(FrameFault.hold(Direction.REQUEST, ApiKeys.END_TXN).ofClient("zombie-" + pchannel + "-a"));
        var answered = kafka.proxy()
                .plant(FrameFault.delay(Direction.ANSWER, ApiKeys.END_TXN, Duration.ofMillis(1))
                        .ofClient("zombie-" + pchannel + "-a"));
        appends.appendEach(old, "before", 20);
        var commit = old.commit();
        held.awaitStruck(SOON);
        old.close();
        try (var wal = open(patient, pchannel, 2)) {
            appends.appendEach(wal, "open", 5);
            assertThat(kafka.transaction(pchannel, "a").state()).isEqualTo(TransactionState.ONGOING);

            held.release();

            answered.awaitStruck(SOON);
            assertThat(kafka.transaction(pchannel, "a").state())
                    .as("the successor's transaction on the same transactional id")
                    .isEqualTo(TransactionState.ONGOING);
            assertThat(patient.readers().bounds(pchannel, View.COMMITTED).tail())
                    .as("committed records: the republished ones and not the open lease")
                    .isEqualTo(20);
            assertThat(commit).isCompletedExceptionally();
            appends.appendEach(wal, "end", 5);
        }
        appends.awaitAnswers(SOON);
        assertThat(Verdict.of(kafka, appends)).hasSize(30);
    }

    /** T7, for a stale opener that reads the log's end before it disturbs the owner. */
    @Test
    void aStormOfOpenersAtLowerTermsDisturbsNobody() {
        var pchannel = kafka.create(zombie, "storm");
        var appends = new Appends(pchannel);
        try (var wal = open(successor, pchannel, 5);
                var load = new WalLoad(appends, 500, () -> wal)) {
            for (var round = 0; round < STORM; round++) {
                var term = round % 6;
                var refused = catchThrowableOfType(OwnershipException.class, () -> open(zombie, pchannel, term));
                assertThat(refused.code()).isEqualTo(ErrorCode.TERM_EXPIRED);
            }
            load.stop();
            assertThat(wal.epoch()).as("the owner was not disturbed").isZero();
            assertThat(load.offered()).isEqualTo(appends.history().acknowledgedCount());
        }
        Verdict.of(kafka, appends);
    }

    /** T7, for openers that read the log's end before the owner was there, and then fence its transactional ids one after the other. */
    @Test
    void anOwnerRecoversFromOpenersThatLookedTooEarly() {
        var pchannel = kafka.create(zombie, "early-look");
        var appends = new Appends(pchannel);
        var held = new ArrayList<FrameFault>();
        var stale = new ArrayList<CompletableFuture<FlushableWal>>();
        for (var term = 1; term <= STALE; term++) {
            var name = "stale" + term;
            held.add(kafka.proxy()
                    .plant(FrameFault.hold(Direction.REQUEST, ApiKeys.INIT_PRODUCER_ID)
                            .ofClient(name + "-" + pchannel)));
            stale.add(kafka.throughProxy(name).opener().open(pchannel, term).wal());
            held.get(held.size() - 1).awaitStruck(SOON);
        }
        try (var wal = open(successor, pchannel, 10);
                var load = new WalLoad(appends, 200, () -> wal)) {
            for (var number = 0; number < STALE; number++) {
                load.awaitAcknowledged(20);
                held.get(number).release();
                assertThat(winners(List.of(stale.get(number)))).isEmpty();
            }
            load.awaitAcknowledged(20);
            load.stop();
            assertThat(wal.term()).isEqualTo(10);
            assertThat(wal.epoch()).as("the owner was disturbed").isPositive();
            assertThat(appends.history().acknowledgedCount()).isEqualTo(load.offered());
        }
        Verdict.of(kafka, appends);
    }

    /** T8. */
    @Test
    void ofTwoOpenersOfOneTermOneOwnsIt() {
        var pchannel = kafka.create(zombie, "same-term");
        var appends = new Appends(pchannel);
        var contested = 0;
        for (var term = 1; term <= DUELS; term++) {
            var openings = List.of(
                    zombie.opener().open(pchannel, term).wal(),
                    successor.opener().open(pchannel, term).wal());
            var won = winners(openings);
            assertThat(won).as("owners of term " + term).hasSizeLessThanOrEqualTo(1);
            contested += won.size();
            for (var wal : won) {
                appends.appendEach(wal, "term" + term + "-", 10);
                wal.close();
            }
        }
        assertThat(contested).as("terms with an owner").isPositive();
        Verdict.of(kafka, appends);
    }

    private static List<FlushableWal> winners(List<CompletableFuture<FlushableWal>> openings) {
        var won = new ArrayList<FlushableWal>();
        for (var opening : openings) {
            try {
                won.add(opening.join());
            } catch (RuntimeException lost) {
                assertThat(lost.getCause())
                        .isInstanceOfSatisfying(
                                OwnershipException.class,
                                refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TERM_EXPIRED));
            }
        }
        return won;
    }
}
