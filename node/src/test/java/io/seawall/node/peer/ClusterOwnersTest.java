package io.seawall.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Note;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Unowned;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.Reason;
import io.seawall.node.ports.Owners;
import io.seawall.node.ports.Owners.Kind;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClusterOwnersTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final Owner SELF = FakeClusterState.SELF;
    private static final Owner OTHER = new Owner("n2", "n2-1");
    private static final Note NOTE = new Note(Reason.OTHER, "of the test", Instant.EPOCH);
    private static final Duration LONG = Duration.ofSeconds(50);

    private final FakeClusterState cluster = new FakeClusterState();
    private final Set<PChannel> open = ConcurrentHashMap.newKeySet();
    private final ClusterOwners owners = ClusterOwners.of(cluster, open::contains);

    @BeforeEach
    void twoNodes() {
        cluster.node("n1", "n1-1", "http://n1:7070");
        cluster.node("n2", "n2-1", "http://n2:7070/");
        cluster.write(new MetaRecord.Topic("orders", 1));
    }

    private static Unowned unowned() {
        return new Unowned(ORDERS, 6, "", NOTE);
    }

    private static Owned owned(Owner owner) {
        return unowned().toOwned(7, owner, NOTE);
    }

    private void status(Owner process, long term, Condition condition) {
        cluster.write(new MetaRecord.Status(
                ORDERS, process.incarnation(), term, condition, "", "", -1, "", 0, Instant.EPOCH));
    }

    private Owners.Owner owner() {
        return owners.owner(ORDERS);
    }

    @Test
    void anOwnerThatReportedTheLogOpenIsElsewhere() {
        cluster.write(owned(OTHER));
        assertThat(owner())
                .isEqualTo(new Owners.Owner(
                        Kind.MOVING, "http://n2:7070", "that node n2 is opening it at term 7", "n2", ""));

        status(OTHER, 6, Condition.AVAILABLE);
        assertThat(owner().kind()).as("an earlier term").isEqualTo(Kind.MOVING);
        status(OTHER, 7, Condition.OPENING);
        assertThat(owner().kind()).isEqualTo(Kind.MOVING);
        status(OTHER, 7, Condition.AVAILABLE);

        assertThat(owner())
                .isEqualTo(new Owners.Owner(Kind.ELSEWHERE, "http://n2:7070", "the log open on node n2", "n2", ""));
    }

    @Test
    void aLogThatIsOpenHereIsHereWhateverTheStateSays() {
        cluster.write(owned(SELF));
        assertThat(owner().kind()).isEqualTo(Kind.MOVING);
        assertThat(owner().url()).as("this node is no place to redirect to").isEmpty();

        open.add(ORDERS);
        assertThat(owner().kind()).isEqualTo(Kind.HERE);

        cluster.write(owned(SELF).toReleasing("n2", NOTE));
        assertThat(owner().kind()).isEqualTo(Kind.HERE);
    }

    @Test
    void aLogWithoutAnOwnerIsUnsettledAndOneThatIsHandedOverMoves() {
        assertThat(owner().kind()).isEqualTo(Kind.UNSETTLED);
        cluster.write(unowned());
        assertThat(owner().kind()).isEqualTo(Kind.UNSETTLED);
        cluster.write(owned(OTHER).toReleasing("n1", NOTE));

        assertThat(owner()).isEqualTo(new Owners.Owner(Kind.MOVING, "", "that node n2 hands it over to node n1"));
    }

    @Test
    void anOwnerThatIsSuspectedRestartedOrGoneIsNoPlaceToRedirectTo() {
        cluster.write(owned(OTHER));
        status(OTHER, 7, Condition.AVAILABLE);

        cluster.write(new MetaRecord.Suspicion("n2", "n2-1", 0, "n1", Instant.EPOCH));
        assertThat(owner()).isEqualTo(new Owners.Owner(Kind.UNSETTLED, "", "that its owner, node n2, is gone"));
        cluster.remove(MetaKey.suspicion("n2"));
        assertThat(owner().kind()).isEqualTo(Kind.ELSEWHERE);
        cluster.node("n2", "n2-2", "http://n2:7070");
        assertThat(owner().kind()).isEqualTo(Kind.UNSETTLED);
        cluster.remove(MetaKey.node("n2"));
        assertThat(owner().kind()).isEqualTo(Kind.UNSETTLED);
    }

    /** Redirects that lead to where they come from have no end (Pulsar #13946). */
    @Test
    void anOwnerThatAnnouncesThisNodesUrlIsNoPlaceToRedirectTo() {
        cluster.node("n2", "n2-1", "http://n1:7070/");
        cluster.write(owned(OTHER));
        assertThat(owner().kind()).as("while it opens the log").isEqualTo(Kind.UNREACHABLE);

        status(OTHER, 7, Condition.AVAILABLE);

        assertThat(owner().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(owner().url()).isEmpty();
        assertThat(owner().why()).contains("n2", "http://n1:7070");
        assertThat(owner().isSettled()).isTrue();
    }

    @Test
    void aLogInQuarantineIsClosedAndOneOfADeletedTopicUnknown() {
        cluster.write(owned(OTHER).toQuarantined("DATA_LOSS", NOTE));
        assertThat(owner())
                .isEqualTo(new Owners.Owner(Kind.CLOSED, "", "a log in quarantine after DATA_LOSS: of the test"));
        cluster.write((Assignment) owned(OTHER).toRetired(NOTE));
        assertThat(owner().kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(owners.owner(new PChannel("nothing", 0)).kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void nothingIsKnownBeforeTheStateWasRead() {
        cluster.write(owned(OTHER));
        status(OTHER, 7, Condition.AVAILABLE);
        cluster.isCurrent(false);

        assertThat(owner().kind()).isEqualTo(Kind.UNSETTLED);
        assertThat(owner().url()).isEmpty();
    }

    @Test
    void aCallerWaitsUntilTheOwnerHasTheLogOpen() throws Exception {
        cluster.write(owned(OTHER));
        var waiting = owners.await(ORDERS, LONG);
        status(OTHER, 7, Condition.OPENING);
        assertThat(waiting).isNotDone();

        status(OTHER, 7, Condition.AVAILABLE);

        assertThat(waiting.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Kind.ELSEWHERE);
        assertThat(owners.waiters()).isZero();
    }

    @Test
    void aCallerWaitsUntilThisNodeHasTheLogOpen() throws Exception {
        cluster.write(owned(SELF));
        var waiting = owners.await(ORDERS, LONG);

        open.add(ORDERS);
        owners.changed(ORDERS);

        assertThat(waiting.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Kind.HERE);
        assertThat(owners.waiters()).isZero();
    }

    @Test
    void aCallerThatNeedNotWaitIsAnsweredAtOnce() {
        open.add(ORDERS);

        assertThat(owners.await(ORDERS, LONG)).isDone();
        assertThat(owners.waiters()).isZero();
    }

    @Test
    void aCallerWaitsNoLongerThanItsLimit() throws Exception {
        cluster.write(owned(OTHER));

        var owner = owners.await(ORDERS, Duration.ofMillis(20)).get(20, TimeUnit.SECONDS);

        assertThat(owner.kind()).isEqualTo(Kind.MOVING);
        assertThat(owner.url()).isEqualTo("http://n2:7070");
        assertThat(owners.waiters()).isZero();
    }
}
