package io.seawall.node.cluster;

import static io.seawall.node.cluster.StubCluster.OTHER;
import static io.seawall.node.cluster.StubCluster.SELF;
import static io.seawall.node.cluster.StubCluster.owned;
import static io.seawall.node.cluster.StubCluster.quarantined;
import static io.seawall.node.cluster.StubCluster.releasing;
import static io.seawall.node.cluster.StubCluster.retired;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.lifetime.LifetimeSettings;
import io.seawall.lifetime.LifetimeStep;
import io.seawall.lifetime.WalManager;
import io.seawall.node.NoFlusher;
import io.seawall.node.RecordingOpener;
import io.seawall.node.StepClock;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterLogsTest {
    private static final PChannel LOG = new PChannel("orders", 0);
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final StepClock clock = new StepClock();
    private final RecordingOpener opener = new RecordingOpener();
    private final StubCluster cluster = new StubCluster();
    private final WalManager lifetimes = new WalManager(opener, new NoFlusher(), LifetimeSettings.DEFAULTS, clock);

    @BeforeEach
    void follow() {
        var logs = new ClusterLogs(SELF, lifetimes, cluster::report, clock, clock);
        lifetimes.addListener(logs);
        cluster.addListener(logs);
    }

    @AfterEach
    void close() {
        lifetimes.close();
    }

    private List<String> reports() {
        return cluster.reports.stream()
                .map(status -> status.condition() + "@" + status.term())
                .toList();
    }

    private void awaitReports(String... expected) {
        await().atMost(BOUND).untilAsserted(() -> assertThat(reports()).containsExactly(expected));
    }

    private Status lastReport() {
        return cluster.reports.get(cluster.reports.size() - 1);
    }

    private boolean isOpen() {
        return lifetimes
                .status(LOG)
                .filter(status -> status.step() == LifetimeStep.AVAILABLE)
                .isPresent();
    }

    private void openAt(long term) {
        cluster.read(owned(LOG, term, SELF));
        await().atMost(BOUND).until(() -> reports().contains("AVAILABLE@" + term));
    }

    @Test
    void opensWhatItIsToOwnAndReportsEachCondition() {
        cluster.read(owned(LOG, 7, SELF));

        awaitReports("OPENING@7", "AVAILABLE@7");
        assertThat(opener.asked()).containsExactly("orders-0@7");
        assertThat(lifetimes.get(LOG, 7).term()).isEqualTo(7);
    }

    @Test
    void reportsThatItOpensALogEvenIfTheOpeningHasToWait() {
        opener.hold();

        cluster.read(owned(LOG, 7, SELF));

        assertThat(reports()).containsExactly("OPENING@7");
        opener.letGo();
        awaitReports("OPENING@7", "AVAILABLE@7");
    }

    @Test
    void doesNothingBeforeItHasReadEverything() {
        cluster.current(false);
        cluster.read(owned(LOG, 7, SELF));
        assertThat(reports()).isEmpty();

        cluster.read(releasing(LOG, 7, OTHER), owned(LOG, 9, SELF));
        cluster.current(true);

        awaitReports("OPENING@9", "AVAILABLE@9");
        assertThat(opener.asked()).containsExactly("orders-0@9");
    }

    @Test
    void opensNothingForOthersNorForAFormerProcessOfThisNode() {
        cluster.read(owned(LOG, 7, OTHER));
        cluster.read(owned(LOG, 8, new Owner("n1", "n1-before")));

        assertThat(opener.asked()).isEmpty();
        assertThat(reports()).isEmpty();
    }

    @Test
    void repeatedAndLateNewsIsHarmless() {
        openAt(7);

        cluster.read(owned(LOG, 7, SELF));
        cluster.read(owned(LOG, 5, OTHER));
        cluster.read(owned(LOG, 7, SELF));

        assertThat(opener.asked()).containsExactly("orders-0@7");
        assertThat(isOpen()).isTrue();
        assertThat(reports()).containsExactly("OPENING@7", "AVAILABLE@7");
    }

    @Test
    void closesALogThatItHasToReleaseAndReportsHowLongItServed() {
        openAt(7);
        clock.forward(Duration.ofMillis(1_234));
        clock.jump(Duration.ofDays(-1)); // the time of day must not matter

        cluster.read(releasing(LOG, 7, SELF));

        awaitReports("OPENING@7", "AVAILABLE@7", "RELEASED@7");
        assertThat(isOpen()).isFalse();
        assertThat(lastReport().servedMs()).isEqualTo(1_234);
    }

    @Test
    void releasesALogWhileItIsBeingOpened() {
        opener.hold();
        cluster.read(owned(LOG, 7, SELF));

        cluster.read(releasing(LOG, 7, SELF));
        opener.letGo();

        awaitReports("OPENING@7", "RELEASED@7");
        assertThat(isOpen()).isFalse();
    }

    @Test
    void reportsTheReleaseOfATermThatItNeverSaw() {
        cluster.read(releasing(LOG, 7, SELF));

        awaitReports("RELEASED@7");
        assertThat(opener.asked()).isEmpty();
    }

    private static Stream<Assignment> takenAway() {
        return Stream.of(owned(LOG, 8, OTHER), quarantined(LOG, 7, "DATA_LOSS"), retired(LOG, 7));
    }

    @ParameterizedTest
    @MethodSource("takenAway")
    void closesALogThatIsNotItsOwnAnyMore(Assignment assignment) {
        openAt(7);

        cluster.read(assignment);

        awaitReports("OPENING@7", "AVAILABLE@7", "RELEASED@7");
        assertThat(isOpen()).isFalse();
    }

    @Test
    void opensTheNextTermOfATopicThatWasDeletedAndCreatedAgain() {
        openAt(7);
        cluster.read(retired(LOG, 7));
        await().atMost(BOUND).until(() -> !isOpen());

        openAt(8);

        assertThat(opener.asked()).containsExactly("orders-0@7", "orders-0@8");
    }

    @Test
    void reportsAnOpeningThatFailedAndTriesAgainAtTheNextTermOnly() {
        opener.failWith(ErrorCode.DATA_LOSS);
        cluster.read(owned(LOG, 7, SELF));
        awaitReports("OPENING@7", "FAILED@7");
        assertThat(lastReport().code()).isEqualTo("DATA_LOSS");
        assertThat(lastReport().message()).contains("a fault knob");
        assertThat(lastReport().servedMs()).isZero();
        opener.failWith(null);

        cluster.read(owned(LOG, 7, SELF));
        assertThat(opener.asked()).containsExactly("orders-0@7");
        openAt(8);

        assertThat(reports()).containsExactly("OPENING@7", "FAILED@7", "OPENING@8", "AVAILABLE@8");
    }

    @Test
    void reportsALogThatEndsByItselfAtOnce() {
        openAt(7);
        clock.forward(Duration.ofSeconds(61));

        opener.last().end(RecordingOpener.error(ErrorCode.FENCED));

        awaitReports("OPENING@7", "AVAILABLE@7", "FAILED@7");
        assertThat(lastReport().code()).isEqualTo("FENCED");
        assertThat(lastReport().servedMs()).isEqualTo(61_000);
    }

    /** The code decides about the quarantine; a report of the release would hide it. */
    @Test
    void aReleaseDoesNotHideThatTheTermFailed() {
        openAt(7);
        opener.last().end(RecordingOpener.error(ErrorCode.DATA_LOSS));
        awaitReports("OPENING@7", "AVAILABLE@7", "FAILED@7");

        cluster.read(releasing(LOG, 7, SELF));
        await().atMost(BOUND)
                .until(() -> !lifetimes.status(LOG).orElseThrow().expected().available());

        assertThat(reports()).containsExactly("OPENING@7", "AVAILABLE@7", "FAILED@7");
    }

    @Test
    void goesOnServingWhileTheGroupAndTheCoordinatorAreAway() {
        cluster.leads("n1");
        openAt(7);

        cluster.leads();
        cluster.member("");

        assertThat(isOpen()).isTrue();
        assertThat(reports()).containsExactly("OPENING@7", "AVAILABLE@7");
    }

    @Test
    void leavesALogAsItIsWhoseAssignmentItCannotRead() {
        openAt(7);

        cluster.readUnreadable(MetaKey.assignment(LOG));

        assertThat(isOpen()).isTrue();
        assertThat(reports()).containsExactly("OPENING@7", "AVAILABLE@7");
    }

    /** The process leaves then, and a coordinator that reads a failure would pause before the next term. */
    @Test
    void doesNotReportLogsThatCloseBecauseTheNodeDoes() {
        openAt(7);

        lifetimes.close();
        cluster.read(owned(LOG, 8, SELF));

        assertThat(isOpen()).isFalse();
        assertThat(reports()).containsExactly("OPENING@7", "AVAILABLE@7");
    }
}
