package io.seawall.node.cluster;

import static io.seawall.node.cluster.StubCluster.SELF;
import static io.seawall.node.cluster.StubCluster.coordinator;
import static io.seawall.node.cluster.StubCluster.owned;
import static io.seawall.node.cluster.StubCluster.quarantined;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.node.ports.PChannelState;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.ports.PChannelStatus.Ownership;
import io.seawall.node.ports.Readiness.Check;
import io.seawall.wal.PChannel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterReadinessTest {
    private static final PChannel LOG = new PChannel("orders", 0);
    private static final PChannel OTHER_LOG = new PChannel("orders", 1);

    private final StubCluster cluster = new StubCluster();
    private final Map<PChannel, PChannelStatus> local = new TreeMap<>();
    private final ClusterReadiness readiness = new ClusterReadiness(
            () -> List.of(new Check("kafka", true, "answers")), cluster::view, () -> List.copyOf(local.values()));

    @BeforeEach
    void follow() {
        cluster.addListener(readiness);
    }

    private void here(PChannel pchannel, PChannelState state, @Nullable String cause) {
        local.put(pchannel, new PChannelStatus(pchannel, Ownership.NONE, null, state, cause, null, null));
    }

    private Check check(String name) {
        return readiness.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private boolean isReady() {
        return readiness.checks().stream().allMatch(Check::ok);
    }

    @Test
    void isReadyOnceItIsAMemberAndKnowsACoordinator() {
        cluster.current(false);
        assertThat(check("cluster")).isEqualTo(new Check("cluster", false, "has not read the whole meta topic yet"));
        cluster.member("");
        cluster.current(true);
        assertThat(check("cluster").detail()).isEqualTo("is no member of Kafka's group");
        cluster.member("member-1");
        assertThat(check("cluster").detail()).isEqualTo("knows no coordinator");
        assertThat(isReady()).isFalse();

        cluster.read(coordinator(SELF));

        assertThat(isReady()).isTrue();
        assertThat(check("cluster").detail()).isEqualTo("is a member, n1 coordinates");
    }

    @Test
    void showsWhetherKafkaAnswers() {
        assertThat(check("kafka").ok()).isTrue();
    }

    @Test
    void staysReadyWhileTheGroupIsAway() {
        cluster.read(coordinator(SELF));

        cluster.member("");

        assertThat(isReady()).isTrue();
        assertThat(check("cluster").detail()).isEqualTo("is no member of Kafka's group; goes on serving what it has");
    }

    @Test
    void isNotReadyBeforeTheLogsAreOpenThatItHadBefore() {
        cluster.read(coordinator(SELF), owned(LOG, 7, new Owner("n1", "n1-before")));
        assertThat(check("pchannels")).isEqualTo(new Check("pchannels", false, "not open yet: orders-0"));
        cluster.read(owned(LOG, 8, SELF));
        here(LOG, PChannelState.OPENING, null);
        assertThat(check("pchannels").ok()).isFalse();

        here(LOG, PChannelState.AVAILABLE, null);

        assertThat(isReady()).isTrue();
        assertThat(check("pchannels").detail()).isEqualTo("1 open");
    }

    @Test
    void doesNotWaitForALogThatCannotBeOpened() {
        cluster.read(coordinator(SELF), owned(LOG, 8, SELF));

        here(LOG, PChannelState.UNAVAILABLE, "UNAVAILABLE: no leader");

        assertThat(isReady()).isTrue();
        assertThat(check("pchannels").detail()).isEqualTo("0 open; not as expected: orders-0");
    }

    @Test
    void aLogThatFailsOrOpensLaterDoesNotTakeTheNodeOutOfRotation() {
        cluster.read(coordinator(SELF), owned(LOG, 8, SELF));
        here(LOG, PChannelState.AVAILABLE, null);
        assertThat(isReady()).isTrue();

        here(LOG, PChannelState.UNAVAILABLE, "FENCED: by another");
        cluster.read(owned(OTHER_LOG, 1, SELF));
        here(OTHER_LOG, PChannelState.OPENING, null);

        assertThat(isReady()).isTrue();
        assertThat(check("pchannels").detail()).isEqualTo("0 open; not as expected: orders-0, orders-1");
    }

    @Test
    void showsLogsInQuarantineAndStaysReady() {
        cluster.read(coordinator(SELF), quarantined(LOG, 8, "DATA_LOSS"));

        assertThat(isReady()).isTrue();
        assertThat(check("pchannels").detail()).isEqualTo("0 open; in quarantine: orders-0");
    }

    @Test
    void namesTenLogsAndCountsTheOthers() {
        cluster.read(coordinator(SELF));
        for (var number = 0; number < 12; number++) {
            cluster.read(quarantined(new PChannel("orders", number), 8, "FORGED"));
        }

        assertThat(check("pchannels").detail()).endsWith("orders-9 and 2 more");
    }
}
