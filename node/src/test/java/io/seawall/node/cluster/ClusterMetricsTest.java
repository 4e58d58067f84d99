package io.seawall.node.cluster;

import static io.seawall.node.cluster.StubCluster.OTHER;
import static io.seawall.node.cluster.StubCluster.SELF;
import static io.seawall.node.cluster.StubCluster.owned;
import static io.seawall.node.cluster.StubCluster.quarantined;
import static io.seawall.node.cluster.StubCluster.releasing;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.PChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterMetricsTest {
    private static final PChannel LOG = new PChannel("orders", 0);

    private final StubCluster cluster = new StubCluster();
    private final NodeMetrics metrics = new NodeMetrics(List::of);

    @BeforeEach
    void bind() {
        cluster.current(false);
        cluster.addListener(ClusterMetrics.bind(metrics, cluster::view));
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void showsTheRoleAndThePhasesAndOnTheCoordinatorTheMembers() {
        cluster.read(owned(LOG, 1, SELF), quarantined(new PChannel("orders", 1), 1, "FORGED"));

        assertThat(metrics.scrape())
                .contains("seawall_cluster_role{role=\"follower\"} 1.0")
                .contains("seawall_cluster_role{role=\"leading\"} 0.0")
                .contains("seawall_cluster_assignments{phase=\"owned\"} 1.0")
                .contains("seawall_cluster_assignments{phase=\"quarantined\"} 1.0")
                .contains("seawall_cluster_assignments{phase=\"releasing\"} 0.0")
                .doesNotContain("seawall_cluster_members ");

        cluster.leads("n1", "n2");

        assertThat(metrics.scrape())
                .contains("seawall_cluster_role{role=\"leading\"} 1.0")
                .contains("seawall_cluster_members 2.0");
    }

    @Test
    void countsEachMoveOnceAndNoneOfThoseThatBeganBefore() {
        assertThat(metrics.scrape()).contains("seawall_cluster_moves_total{reason=\"balance_count\"} 0.0");
        cluster.read(releasing(LOG, 1, SELF));
        cluster.current(true);
        assertThat(metrics.scrape()).contains("seawall_cluster_moves_total{reason=\"balance_count\"} 0.0");

        cluster.read(owned(LOG, 2, OTHER));
        cluster.read(releasing(LOG, 2, OTHER));
        cluster.read(releasing(LOG, 2, OTHER));

        assertThat(metrics.scrape()).contains("seawall_cluster_moves_total{reason=\"balance_count\"} 1.0");
    }
}
