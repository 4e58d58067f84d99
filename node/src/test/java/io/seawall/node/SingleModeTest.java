package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.lifetime.LifetimeSettings;
import io.seawall.lifetime.LifetimeStep;
import io.seawall.lifetime.WalManager;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.LogHolder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SingleModeTest {
    private static final PChannel ORDERS_0 = new PChannel("orders", 0);
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final StepClock clock = new StepClock();
    private final RecordingOpener opener = new RecordingOpener();
    private final FakeTopics topics = new FakeTopics().with("orders", 1);
    private final Map<PChannel, LogHolder> holders = new HashMap<>();
    private final WalManager lifetimes = new WalManager(opener, new NoFlusher(), LifetimeSettings.DEFAULTS, clock);
    private final SingleMode mode =
            new SingleMode(lifetimes, topics::list, pchannel -> Optional.ofNullable(holders.get(pchannel)), clock);

    @AfterEach
    void closeLogs() {
        lifetimes.close();
    }

    /** Reconciles, and waits until the openings that this started have ended. */
    private void reconcile() {
        mode.reconcile().orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS).join();
        await().atMost(BOUND)
                .until(() -> lifetimes.statuses().stream()
                        .allMatch(status ->
                                status.step() == LifetimeStep.DOWN || status.step() == LifetimeStep.AVAILABLE));
    }

    /** Reconciles after a pause in which the time of day was set back, which must not matter. */
    private void reconcileAfter(Duration pause) {
        clock.forward(pause);
        clock.jump(Duration.ofDays(-1));
        reconcile();
    }

    private void end(ErrorCode code) {
        opener.last().end(RecordingOpener.error(code));
        await().atMost(BOUND)
                .until(() -> lifetimes.status(ORDERS_0).orElseThrow().step() == LifetimeStep.DOWN);
    }

    private String printedBy(Runnable action) {
        var console = System.err;
        var printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void opensEveryPChannelAboveTheHighestClaimedTerm() {
        topics.with("orders", 2).with("bills", 1);
        holders.put(ORDERS_0, new LogHolder(7, 0, "n2", null));

        reconcile();

        assertThat(opener.asked()).containsExactlyInAnyOrder("orders-0@8", "orders-1@1", "bills-0@1");
    }

    @Test
    void tellsWhenWhatItStartedIsOpen() {
        mode.reconcile().orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS).join();

        assertThat(lifetimes.get(ORDERS_0).term()).isEqualTo(1);
    }

    @Test
    void opensWhatIsCreatedOrGrownLater() {
        reconcile();
        topics.with("orders", 2).with("bills", 1);

        reconcile();

        assertThat(opener.asked()).containsExactlyInAnyOrder("orders-0@1", "orders-1@1", "bills-0@1");
    }

    @Test
    void leavesAloneWhatIsOpen() {
        reconcile();

        reconcileAfter(LONG);

        assertThat(opener.asked()).containsExactly("orders-0@1");
    }

    @Test
    void triesAgainAtTheNextTermAfterGrowingPauses() {
        opener.failWith(ErrorCode.UNAVAILABLE);
        reconcile();

        reconcileAfter(Duration.ofMillis(999));
        assertThat(opener.asked()).containsExactly("orders-0@1");

        reconcileAfter(Duration.ofMillis(1));
        assertThat(opener.asked()).containsExactly("orders-0@1", "orders-0@2");

        reconcileAfter(Duration.ofMillis(1_999));
        assertThat(opener.asked()).hasSize(2);

        reconcileAfter(Duration.ofMillis(1));
        assertThat(opener.asked()).containsExactly("orders-0@1", "orders-0@2", "orders-0@3");
    }

    @Test
    void neverPausesForLongerThanHalfAMinute() {
        opener.failWith(ErrorCode.UNAVAILABLE);
        for (var failures = 0; failures < 10; failures++) {
            reconcileAfter(LONG);
        }

        reconcileAfter(Duration.ofSeconds(30));

        assertThat(opener.asked()).hasSize(11);
    }

    @Test
    void startsWithShortPausesAgainOnceALogWasOpen() {
        opener.failWith(ErrorCode.UNAVAILABLE);
        reconcile();
        reconcileAfter(LONG);
        opener.failWith(null);
        reconcileAfter(LONG);
        reconcile();

        end(ErrorCode.UNAVAILABLE);
        reconcile();

        assertThat(opener.asked()).containsExactly("orders-0@1", "orders-0@2", "orders-0@3", "orders-0@4");
    }

    @ParameterizedTest
    @EnumSource(names = {"FENCED", "TERM_EXPIRED"})
    void staysDownOnceSomebodyElseIsThereAndSaysSoOnce(ErrorCode code) {
        reconcile();
        end(code);

        var printed = printedBy(() -> {
            reconcileAfter(LONG);
            reconcileAfter(LONG);
        });

        assertThat(opener.asked()).containsExactly("orders-0@1");
        assertThat(printed).containsOnlyOnce("another node has taken the pchannel");
    }

    @ParameterizedTest
    @EnumSource(names = {"FORGED", "DATA_LOSS"})
    void leavesALogAloneThatOnlyAPersonCanMendAndSaysSoOnce(ErrorCode code) {
        opener.failWith(code);
        holders.put(ORDERS_0, new LogHolder(7, 0, "n1", null));
        reconcile();

        var printed = printedBy(() -> {
            for (var seconds = 0; seconds < 600; seconds += 50) {
                reconcileAfter(Duration.ofSeconds(50));
            }
        });

        assertThat(opener.asked()).containsExactly("orders-0@8");
        assertThat(printed).containsOnlyOnce("the pchannel stays closed until a person mends it");
        reconcileAfter(Duration.ofSeconds(50));
        assertThat(opener.asked())
                .as("rarely, as terms and claims are cheap")
                .containsExactly("orders-0@8", "orders-0@9");
    }

    @Test
    void opensItAgainSoonAfterAPersonToldWhereItEnds() {
        opener.failWith(ErrorCode.FORGED);
        reconcile();
        reconcileAfter(Duration.ofSeconds(2));
        opener.failWith(null);
        holders.put(ORDERS_0, new LogHolder(8, 0, null, null));

        reconcileAfter(Duration.ofSeconds(30));

        assertThat(opener.asked()).containsExactly("orders-0@1", "orders-0@9");
    }

    @Test
    void triesALogAgainThatEndedSoWhileItWasOpen() {
        reconcile();
        reconcile();
        end(ErrorCode.DATA_LOSS);

        reconcile();

        assertThat(opener.asked()).containsExactly("orders-0@1", "orders-0@2");
    }

    @Test
    void oneLogWhoseHolderIsNotKnownDoesNotHoldUpTheOthers() {
        topics.with("orders", 8);
        var partly = new SingleMode(
                lifetimes,
                topics::list,
                pchannel -> {
                    if (pchannel.equals(ORDERS_0)) {
                        throw RecordingOpener.error(ErrorCode.UNAVAILABLE);
                    }
                    return Optional.empty();
                },
                clock);

        partly.reconcile().join();

        assertThat(opener.asked()).hasSize(7).doesNotContain("orders-0@1");
    }

    @Test
    void goesOnOnceKafkaAnswersAgain() {
        topics.away(true);
        reconcile();
        topics.away(false);

        reconcile();

        assertThat(opener.asked()).containsExactly("orders-0@1");
    }

    @Test
    void saysOnceAMinuteThatKafkaIsAway() {
        topics.away(true);

        var printed = printedBy(() -> {
            for (var round = 0; round <= 60; round++) {
                reconcileAfter(Duration.ofSeconds(2));
            }
        });

        assertThat(printed.lines().filter(line -> line.contains("cannot list the pchannels")))
                .hasSize(3);
    }

    @Test
    void opensATopicThatWasDeletedAndCreatedAgain() {
        reconcile();
        lifetimes.remove(ORDERS_0, 1).join();
        topics.without("orders");
        reconcile();
        topics.with("orders", 1);

        reconcile();

        assertThat(opener.asked()).containsExactly("orders-0@1", "orders-0@2");
    }

    @ParameterizedTest
    @EnumSource(names = {"FENCED", "NOT_FOUND"})
    void forgetsTheFailureOfATopicThatIsGone(ErrorCode code) {
        reconcile();
        end(code);
        topics.without("orders");

        reconcile();

        assertThat(lifetimes.status(ORDERS_0).orElseThrow().expected().available())
                .isFalse();
        topics.with("orders", 1);
        reconcile();
        assertThat(opener.asked()).containsExactly("orders-0@1", "orders-0@2");
    }

    @Test
    void keepsALogOpenThatKafkaDoesNotListForAMoment() {
        reconcile();
        topics.without("orders");

        reconcile();

        assertThat(lifetimes.status(ORDERS_0).orElseThrow().step()).isEqualTo(LifetimeStep.AVAILABLE);
    }
}
