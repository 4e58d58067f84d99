package io.seawall.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.seawall.coordinator.meta.MetaState;
import io.seawall.lifetime.LifetimeSettings;
import io.seawall.lifetime.WalManager;
import io.seawall.node.cluster.StubCluster;
import io.seawall.node.ports.PChannelState;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.ports.PChannelStatus.Flush;
import io.seawall.node.ports.PChannelStatus.Oddities;
import io.seawall.node.ports.PChannelStatus.Ownership;
import io.seawall.node.ports.PChannelStatus.Placement;
import io.seawall.node.ports.PChannelStatus.Positions;
import io.seawall.node.ports.PChannelStatus.Target;
import io.seawall.node.ports.PChannelStatus.Transaction;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.LogHolder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodeAssignmentsTest {
    private static final PChannel ORDERS_0 = new PChannel("orders", 0);
    private static final PChannel ORDERS_1 = new PChannel("orders", 1);
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final StepClock clock = new StepClock();
    private final RecordingOpener opener = new RecordingOpener();
    private final FakeReaders readers = new FakeReaders();
    private final FakeTopics topics = new FakeTopics().with("orders", 2);
    private final Map<PChannel, LogHolder> holders = new HashMap<>();
    private final Map<PChannel, Positions> elsewhere = new HashMap<>();
    private final WalManager lifetimes = new WalManager(opener, new NoFlusher(), LifetimeSettings.DEFAULTS, clock);
    private final NodeAssignments assignments = in(Optional.empty());
    private final StubCluster cluster = new StubCluster();
    private final NodeAssignments inCluster =
            in(Optional.of(() -> cluster.view().state()));

    private NodeAssignments in(Optional<Supplier<MetaState>> state) {
        return in(state, (wal, wait) -> wal.oldest());
    }

    private NodeAssignments in(Optional<Supplier<MetaState>> state, TieredReads.Oldest oldest) {
        var facts = new LogFacts(
                readers, pchannel -> Optional.ofNullable(holders.get(pchannel)), pchannel -> OptionalLong.of(1), clock);
        return new NodeAssignments(
                new NodeAssignments.Self("n1", state, () -> "http://n1"),
                lifetimes,
                topics,
                facts,
                this::elsewhere,
                new FixedPositions(Optional.empty()),
                oldest,
                pchannel -> Oddities.NONE);
    }

    private Map<PChannel, Positions> elsewhere(List<PChannel> logs) {
        var known = new HashMap<>(elsewhere);
        known.keySet().retainAll(logs);
        return known;
    }

    /** The flusher knows of two records in segments, the store of one. */
    private record FixedPositions(Optional<Flush> state) implements FlushPositions {
        @Override
        public OptionalLong known(PChannel pchannel) {
            return OptionalLong.of(2);
        }

        @Override
        public OptionalLong stored(PChannel pchannel) {
            return OptionalLong.of(1);
        }

        @Override
        public Optional<Flush> state(PChannel pchannel) {
            return state;
        }
    }

    @AfterEach
    void closeLogs() {
        lifetimes.close();
    }

    private PChannelStatus local(PChannel pchannel) {
        return assignments.local().stream()
                .filter(status -> status.pchannel().equals(pchannel))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void takesNoTermsFromOutsideInACluster() {
        var refused = inCluster.assign(ORDERS_0, 1, true);

        assertThat(refused).failsWithin(BOUND).withThrowableThat().havingCause().withMessageContaining("mode=cluster");
        assertThat(opener.asked()).isEmpty();
    }

    @Test
    void inAClusterTheStateSaysWhoOwnsALogAndWhy() {
        holders.put(ORDERS_1, new LogHolder(3, 1, "n3", "http://n3"));
        cluster.read(StubCluster.node(StubCluster.OTHER), StubCluster.owned(ORDERS_1, 4, StubCluster.OTHER));

        var status = inCluster.status(ORDERS_1);

        assertThat(status.ownership()).isEqualTo(new Ownership(4, -1, "n2", "http://n2.example"));
        assertThat(status.placement()).isEqualTo(new Placement("owned", "why", null));
        assertThat(inCluster.status(ORDERS_0).ownership()).isEqualTo(Ownership.NONE);
    }

    @Test
    void inAClusterAnOwnLogIsDescribedByWhatItsOwnerKnows() {
        cluster.read(StubCluster.owned(ORDERS_0, 7, StubCluster.SELF));
        lifetimes.open(ORDERS_0, 7).join();

        var status = inCluster.status(ORDERS_0);

        assertThat(status.ownership()).isEqualTo(new Ownership(7, 0, "n1", "http://n1"));
        assertThat(status.placement()).isEqualTo(new Placement("owned", "why", null));
    }

    @Test
    void saysWhyALogIsInQuarantine() {
        cluster.read(StubCluster.quarantined(ORDERS_0, 7, "DATA_LOSS"));
        lifetimes.remove(ORDERS_0, 7).join();

        var status = inCluster.status(ORDERS_0);

        assertThat(status.cause()).isEqualTo("DATA_LOSS: in quarantine: why");
        assertThat(status.ownership().owner()).isNull();
        assertThat(inCluster.local())
                .as("readiness and metrics of this node do not count it")
                .allMatch(local -> local.cause() == null);
    }

    @Test
    void describesAnOwnLogByWhatItsOwnerKnows() {
        assignments.assign(ORDERS_0, 7, true).join();

        var status = assignments.status(ORDERS_0);

        assertThat(status.state()).isEqualTo(PChannelState.AVAILABLE);
        assertThat(status.ownership()).isEqualTo(new Ownership(7, 0, "n1", "http://n1"));
        assertThat(status.positions()).isEqualTo(new Positions(0, StubWal.TAIL, 2));
        assertThat(assignments.ownedWal(ORDERS_0).term()).isEqualTo(7);
    }

    @Test
    void describesALogOfAnotherNodeByWhatTheLogSays() {
        holders.put(ORDERS_1, new LogHolder(3, 1, "n2", "http://n2"));
        readers.tail(ORDERS_1, 40);

        var status = assignments.status(ORDERS_1);

        assertThat(status.state()).isEqualTo(PChannelState.UNAVAILABLE);
        assertThat(status.ownership()).isEqualTo(new Ownership(3, 1, "n2", "http://n2"));
        assertThat(status.positions()).isEqualTo(new Positions(0, 40, 1));
    }

    @Test
    void listsEveryPChannelWhoeverOwnsIt() {
        assignments.assign(ORDERS_1, 7, true).join();

        var all = assignments.statuses();

        assertThat(all).extracting(PChannelStatus::pchannel).containsExactly(ORDERS_0, ORDERS_1);
        assertThat(all)
                .extracting(PChannelStatus::state)
                .containsExactly(PChannelState.UNAVAILABLE, PChannelState.AVAILABLE);
    }

    /** Waits as long as it may for a store that does not answer. */
    private final class SlowOldest implements TieredReads.Oldest {
        private final List<Duration> waits = new ArrayList<>();
        private final List<Collection<PChannel>> refreshed = new ArrayList<>();

        @Override
        public long of(Wal wal, Duration wait) {
            waits.add(wait);
            clock.forward(wait);
            return wal.oldest();
        }

        @Override
        public void refresh(Collection<PChannel> pchannels) {
            refreshed.add(pchannels);
            clock.forward(Duration.ofSeconds(2));
        }
    }

    @Test
    void aListWaitsForAllItsLogsTogetherAsLongAsForOne() {
        var slow = new SlowOldest();
        var slowly = in(Optional.empty(), slow);
        assignments.assign(ORDERS_0, 7, true).join();
        assignments.assign(ORDERS_1, 7, true).join();

        var all = slowly.statuses();

        assertThat(all).extracting(PChannelStatus::state).containsOnly(PChannelState.AVAILABLE);
        assertThat(slow.waits).containsExactly(Duration.ofSeconds(2), Duration.ZERO);
        assertThat(slow.refreshed).containsExactly(List.of(ORDERS_0, ORDERS_1));
    }

    @Test
    void oneLogIsWaitedFor() {
        var slow = new SlowOldest();
        assignments.assign(ORDERS_0, 7, true).join();

        in(Optional.empty(), slow).status(ORDERS_0);

        assertThat(slow.waits).containsExactly(TieredReads.Oldest.SHORTLY);
    }

    @Test
    void listsPositionsThatTheirOwnersSentWithoutReadingKafka() {
        assignments.assign(ORDERS_0, 7, true).join();
        elsewhere.put(ORDERS_0, new Positions(0, 99, 99));
        elsewhere.put(ORDERS_1, new Positions(3, 40, 30));

        var all = assignments.statuses();

        assertThat(all)
                .extracting(PChannelStatus::positions)
                .as("what this node has open, it knows best")
                .containsExactly(new Positions(0, StubWal.TAIL, 2), new Positions(3, 40, 30));
        assertThat(readers.asked()).isZero();
    }

    @Test
    void listsLogsWithoutPositionsWhenReadingThemTakesTooLong() {
        readers.onBounds(() -> clock.forward(Duration.ofSeconds(5)));
        readers.tail(ORDERS_0, 40);

        var all = assignments.statuses();

        assertThat(all).extracting(PChannelStatus::positions).containsExactly(new Positions(0, 40, 1), null);
        assertThat(readers.asked()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"FORGED", "DATA_LOSS"})
    void listsAlsoALogThatCannotBeReadAndSaysWhy(ErrorCode code) {
        readers.failWith(ORDERS_0, code);
        readers.tail(ORDERS_1, 40);

        var all = assignments.statuses();

        assertThat(all).extracting(PChannelStatus::pchannel).containsExactly(ORDERS_0, ORDERS_1);
        assertThat(all.get(0).positions()).isNull();
        assertThat(all.get(0).cause()).startsWith(code + ": ");
        assertThat(all.get(1).positions()).isEqualTo(new Positions(0, 40, 1));
        assertThat(assignments.status(ORDERS_0)).isEqualTo(all.get(0));
    }

    @Test
    void prefersTheReasonOfTheOpeningForALogThatCannotBeRead() {
        readers.failWith(ORDERS_0, ErrorCode.DATA_LOSS);
        opener.failWith(ErrorCode.FORGED);
        assertThat(assignments.assign(ORDERS_0, 7, true)).failsWithin(BOUND);

        assertThat(assignments.status(ORDERS_0).cause()).startsWith("FORGED: ");
    }

    /** Then nothing is known of the others either. */
    @Test
    void failsWhileKafkaDoesNotAnswer() {
        readers.failWith(ErrorCode.UNAVAILABLE);

        assertThatThrownBy(assignments::statuses)
                .isInstanceOfSatisfying(
                        WalException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void showsWhatIsOutOfTheOrdinaryAndWhatFlushingWaitsFor() {
        var odd = new Oddities(new Transaction("etl", 9, 30, Instant.EPOCH), 259_200_000L);
        var flush = new Flush("spooling", false, null, 0, null, null);
        var watched = new NodeAssignments(
                new NodeAssignments.Self("n1", Optional.empty(), () -> "http://n1"),
                lifetimes,
                topics,
                new LogFacts(readers, pchannel -> Optional.empty(), pchannel -> OptionalLong.empty(), clock),
                unopened -> Map.of(),
                new FixedPositions(Optional.of(flush)),
                (wal, wait) -> wal.oldest(),
                pchannel -> odd);
        watched.assign(ORDERS_0, 7, true).join();

        var status = watched.status(ORDERS_0);

        assertThat(status.oddities()).isEqualTo(odd);
        assertThat(requireNonNull(status.flush()).waitsFor()).isEqualTo("transaction");
    }

    @Test
    void refusesAnUnknownPChannelAndSaysHowManyThereAre() {
        assertThatThrownBy(() -> assignments.status(new PChannel("orders", 2)))
                .isInstanceOfSatisfying(
                        WalException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("2 pchannels, expected orders-0 to orders-1");
        assertThatThrownBy(() -> assignments.status(new PChannel("bills", 0)))
                .hasMessageContaining("no topic 'bills', expected orders-0 to orders-1");
    }

    @Test
    void saysWhyAnExpectedLogIsNotOpen() {
        assignments.assign(ORDERS_0, 7, true).join();
        opener.last().end(RecordingOpener.error(ErrorCode.FENCED));

        await().atMost(BOUND).until(() -> local(ORDERS_0).state() == PChannelState.UNAVAILABLE);

        assertThat(local(ORDERS_0).cause()).startsWith("FENCED: ");
    }

    @Test
    void saysWhatItWasToldAndHowFarItCame() {
        opener.failWith(ErrorCode.UNAVAILABLE);
        assertThat(assignments.assign(ORDERS_0, 7, true)).failsWithin(BOUND);
        opener.failWith(null);
        assignments.assign(ORDERS_0, 9, true).join();

        var assigned = requireNonNull(assignments.status(ORDERS_0).assigned());

        assertThat(assigned.expected()).isEqualTo(new Target(9, true));
        assertThat(assigned.current()).isEqualTo(new Target(9, true));
        assertThat(assigned.termsSeen()).isEqualTo(2);
        var failure = requireNonNull(assigned.lastFailure());
        assertThat(failure.term()).isEqualTo(7);
        assertThat(failure.code()).isEqualTo("UNAVAILABLE");
        assertThat(failure.error()).contains("a fault knob");
        assertThat(assignments.status(ORDERS_1).assigned()).isNull();
    }

    @Test
    void saysWhatItWasToldOfALogThatItDoesNotHave() {
        holders.put(ORDERS_1, new LogHolder(9, 0, "n2", "http://n2"));
        assignments.assign(ORDERS_1, 8, false).join();

        var status = assignments.status(ORDERS_1);

        assertThat(status.ownership().owner()).isEqualTo("n2");
        assertThat(requireNonNull(status.assigned()).expected()).isEqualTo(new Target(8, false));
    }

    @Test
    void forgetsTheFailureOfALogThatIsNoLongerExpected() {
        opener.failWith(ErrorCode.UNAVAILABLE);
        assertThat(assignments.assign(ORDERS_0, 7, true)).failsWithin(BOUND);

        assignments.assign(ORDERS_0, 7, false).join();

        assertThat(local(ORDERS_0).cause()).isNull();
    }
}
