package io.seawall.node.cluster;

import static io.seawall.node.cluster.StubCluster.OTHER;
import static io.seawall.node.cluster.StubCluster.node;
import static io.seawall.node.cluster.StubCluster.owned;
import static io.seawall.node.cluster.StubCluster.quarantined;
import static io.seawall.node.cluster.StubCluster.releasing;
import static io.seawall.node.cluster.StubCluster.unowned;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.node.ports.PChannelStatus.Ownership;
import io.seawall.node.ports.PChannelStatus.Placement;
import io.seawall.wal.PChannel;
import org.junit.jupiter.api.Test;

class LogPlacesTest {
    private static final PChannel LOG = new PChannel("orders", 0);

    private final StubCluster cluster = new StubCluster().read(node(OTHER));

    private Ownership ownership() {
        return LogPlaces.ownership(cluster.view().state(), LOG);
    }

    @Test
    void namesTheOwnerAndWhereItServes() {
        cluster.read(owned(LOG, 7, OTHER));
        assertThat(ownership()).isEqualTo(new Ownership(7, -1, "n2", "http://n2.example"));

        cluster.read(releasing(LOG, 7, OTHER));
        assertThat(ownership())
                .as("until it has closed the log")
                .isEqualTo(new Ownership(7, -1, "n2", "http://n2.example"));
    }

    /** A request that is sent to the next process of the node would be sent on to the same address. */
    @Test
    void doesNotSendAnybodyToAnotherProcessOfTheNode() {
        cluster.read(owned(LOG, 7, new Owner("n2", "n2-before")));

        assertThat(ownership()).isEqualTo(new Ownership(7, -1, "n2", null));
    }

    @Test
    void aLogWithoutAnOwnerKeepsItsTerm() {
        cluster.read(unowned(LOG, 7));

        assertThat(ownership()).isEqualTo(new Ownership(7, -1, null, null));
    }

    @Test
    void anUnknownLogHasNoOwner() {
        assertThat(ownership()).isEqualTo(Ownership.NONE);
        assertThat(LogPlaces.placement(cluster.view().state(), LOG)).isEmpty();
    }

    @Test
    void showsThePhaseAndWhy() {
        cluster.read(quarantined(LOG, 7, "DATA_LOSS"));

        assertThat(LogPlaces.placement(cluster.view().state(), LOG))
                .contains(new Placement("quarantined", "why", "DATA_LOSS"));
    }
}
