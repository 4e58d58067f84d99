package io.seawall.it.faults;

import static io.seawall.it.faults.FaultyKafka.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.it.proxy.Frame.Direction;
import io.seawall.it.proxy.FrameFault;
import io.seawall.lifetime.LifetimeSettings;
import io.seawall.lifetime.LifetimeState;
import io.seawall.lifetime.LifetimeStatus;
import io.seawall.lifetime.LifetimeStep;
import io.seawall.lifetime.WalManager;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.OwnershipException;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.KafkaWals;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lifetime with real logs: faults that end a log from outside, and faults during an opening. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class LifetimeFaultsIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration BROKER_BACK = Duration.ofSeconds(60);
    private static final Duration OPENING = Duration.ofSeconds(4);
    private static final Duration DELIVERY = Duration.ofSeconds(3);

    private static FaultyKafka kafka;
    private static KafkaWals node;
    private static KafkaWals other;

    private final RegisteredLogs flusher = new RegisteredLogs();
    private final List<LifetimeStatus> told = new CopyOnWriteArrayList<>();
    private WalManager manager;

    @BeforeEach
    void openManager() {
        manager = managerOf(node);
    }

    private WalManager managerOf(KafkaWals wals) {
        var settings = new LifetimeSettings(Duration.ofMinutes(1), Duration.ofSeconds(5), 4);
        var fresh = new WalManager(wals.opener(), flusher, settings, InstantSource.system());
        fresh.addListener(told::add);
        return fresh;
    }

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(1, UnaryOperator.identity());
        node = kafka.throughProxy("node", QuickSettings.openingWithin(OPENING));
        other = kafka.directly("other");
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @AfterEach
    void closeManager() {
        manager.close();
        assertThat(flusher.terms()).as("registered after the close").isEmpty();
    }

    private static void succeeds(CompletableFuture<Void> answer) {
        answer.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static ErrorCode refusal(CompletableFuture<?> answer) {
        var error = catchThrowableOfType(
                CompletionException.class,
                () -> answer.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join());
        return RegisteredLogs.code(error);
    }

    /** Waits until the term is over; returns the status that listeners then get. */
    private LifetimeStatus awaitDown(PChannel pchannel, long term) {
        var down = new LifetimeState(term, false);
        return Awaitility.await(pchannel + " is down")
                .atMost(SOON)
                .until(
                        () -> told.stream()
                                .filter(status -> status.pchannel().equals(pchannel)
                                        && status.current().equals(down))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static ErrorCode cause(LifetimeStatus status) {
        return Objects.requireNonNull(status.cause(), "a cause").code();
    }

    /** Drops the first request of this node's opening that could disturb an owner. */
    private static FrameFault dropInitOf(PChannel pchannel) {
        return kafka.proxy()
                .plant(FrameFault.drop(Direction.REQUEST, ApiKeys.INIT_PRODUCER_ID)
                        .ofClient("node-" + pchannel));
    }

    @Test
    void aHigherTermElsewhereEndsTheLogAndOnlyAHigherOneBringsItBack() {
        var pchannel = kafka.create(other, "taken-over");
        var appends = new Appends(pchannel);
        succeeds(manager.open(pchannel, 1));
        var handle = manager.get(pchannel, 1);
        appends.appendEach(handle, "first", 5);

        try (var theirs = open(other, pchannel, 2)) {
            appends.appendEach(theirs, "second", 5);
            var late = appends.append(handle, "late");

            assertThat(refusal(late)).isEqualTo(ErrorCode.FENCED);
            var status = awaitDown(pchannel, 1);
            assertThat(cause(status)).isEqualTo(ErrorCode.FENCED);
            assertThat(status.expected()).isEqualTo(new LifetimeState(1, true));
            assertThat(status.step()).isEqualTo(LifetimeStep.DOWN);
            assertThat(flusher.terms()).isEmpty();
            assertThat(refusal(appends.append(handle, "later"))).isEqualTo(ErrorCode.FENCED);
            assertThat(catchThrowableOfType(OwnershipException.class, () -> manager.get(pchannel))
                            .code())
                    .isEqualTo(ErrorCode.NOT_OWNER);
            assertThat(refusal(manager.open(pchannel, 1))).isEqualTo(ErrorCode.IGNORED);
            assertThat(refusal(manager.open(pchannel, 2))).isEqualTo(ErrorCode.TERM_EXPIRED);
        }
        succeeds(manager.open(pchannel, 3));
        appends.appendEach(manager.get(pchannel, 3), "third", 5);
        succeeds(manager.remove(pchannel, 3));

        assertThat(flusher.refusals()).containsExactly(ErrorCode.FENCED, ErrorCode.SHUTTING_DOWN);
        assertThat(Verdict.of(kafka, appends)).hasSize(15);
    }

    @Test
    void aHigherTermCancelsAnOpeningThatIsHeldUp() {
        var pchannel = kafka.create(other, "held-up");
        var dropped = dropInitOf(pchannel);
        var first = manager.open(pchannel, 1);
        dropped.awaitStruck(SOON);

        var second = manager.open(pchannel, 2);

        assertThat(refusal(first)).isEqualTo(ErrorCode.SUPERSEDED);
        succeeds(second);
        var appends = new Appends(pchannel);
        appends.appendEach(manager.get(pchannel, 2), "value", 5);
        succeeds(manager.remove(pchannel, 2));
        assertThat(Verdict.of(kafka, appends)).hasSize(5);
    }

    @Test
    void aTopicThatIsDeletedEndsItsLog() {
        var pchannel = kafka.create(other, "deleted");
        var appends = new Appends(pchannel);
        var impatient = kafka.directly("impatient", QuickSettings.deliveringWithin(DELIVERY));
        try (var lifetimes = managerOf(impatient)) {
            succeeds(lifetimes.open(pchannel, 1));
            var handle = lifetimes.get(pchannel, 1);
            appends.appendEach(handle, "before", 5);

            other.topics().delete("deleted");

            for (var number = 0; !handle.ended().isDone(); number++) {
                appends.append(handle, "after" + number)
                        .exceptionally(gone -> null)
                        .join();
            }
            var cause = cause(awaitDown(pchannel, 1));
            assertThat(cause).isIn(ErrorCode.NOT_FOUND, ErrorCode.DATA_LOSS);
            assertThat(flusher.refusals()).containsExactly(cause);
            assertThat(refusal(lifetimes.open(pchannel, 2))).isEqualTo(ErrorCode.NOT_FOUND);
            succeeds(lifetimes.remove(pchannel, 2));
            kafka.create(other, "deleted");
            succeeds(lifetimes.open(pchannel, 3));
            assertThat(lifetimes.get(pchannel, 3).tail()).isZero();
        }
    }

    @Test
    void aBrokerThatIsGoneDuringAnOpeningCostsTheTerm() {
        var pchannel = kafka.create(other, "broker-gone");
        var dropped = dropInitOf(pchannel);
        var open = manager.open(pchannel, 1);
        var same = manager.open(pchannel, 1);
        dropped.awaitStruck(SOON);

        kafka.broker(0).kill();

        try {
            assertThat(refusal(open)).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(refusal(same)).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(cause(awaitDown(pchannel, 1))).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(refusal(manager.open(pchannel, 1))).isEqualTo(ErrorCode.IGNORED);
        } finally {
            kafka.broker(0).start();
        }
        var term = openOnceTheBrokerIsBack(pchannel);
        var appends = new Appends(pchannel);
        appends.appendEach(manager.get(pchannel, term), "value", 5);
        assertThat(Objects.requireNonNull(manager.status(pchannel).orElseThrow().lastFailure())
                        .error()
                        .code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void theCloseEndsAlthoughTheBrokerIsSilent() {
        var opened = kafka.create(other, "close-open");
        var opening = kafka.create(other, "close-opening");
        succeeds(manager.open(opened, 1));
        var handle = manager.get(opened, 1);
        var dropped = dropInitOf(opening);
        var open = manager.open(opening, 1);
        dropped.awaitStruck(SOON);
        kafka.broker(0).pause();

        try {
            var unanswered = new Appends(opened).append(handle, "unanswered");
            manager.close();

            assertThat(refusal(open)).isEqualTo(ErrorCode.SHUTTING_DOWN);
            assertThat(refusal(unanswered)).isIn(ErrorCode.SHUTTING_DOWN, ErrorCode.OUTCOME_UNKNOWN);
            assertThat(manager.statuses()).extracting(LifetimeStatus::current).allMatch(state -> !state.available());
            assertThat(refusal(handle.checkTail())).isEqualTo(ErrorCode.SHUTTING_DOWN);
            assertThat(flusher.refusals()).containsExactly(ErrorCode.SHUTTING_DOWN);
        } finally {
            kafka.broker(0).resume();
        }
    }

    /** Opens the log once the broker is back; each failed opening costs a term. */
    private long openOnceTheBrokerIsBack(PChannel pchannel) {
        var term = new AtomicLong(1);
        Awaitility.await("an opening succeeds")
                .atMost(BROKER_BACK)
                .until(() -> manager.open(pchannel, term.incrementAndGet())
                        .handle((done, error) -> error == null)
                        .join());
        return term.get();
    }
}
