package io.seawall.node.cluster;

import static io.seawall.node.cluster.StubCluster.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.placement.Command.RemoveTopic;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateClusterTest {
    private final LateCluster late = new LateCluster(SELF);
    private final StubCluster cluster = new StubCluster();
    private final List<ClusterView> seen = new ArrayList<>();

    @Test
    void knowsNothingBeforeTheNodeHasJoined() {
        late.addListener(seen::add);
        late.leave();

        assertThat(late.view().current()).isFalse();
        assertThat(late.view().self()).isEqualTo(SELF);
        assertThat(late.explain(new PChannel("orders", 0))).isEmpty();
        assertThat(seen).isEmpty();
        assertThat(cluster.hasLeft()).isFalse();
    }

    @Test
    void takesNoChangeBeforeTheNodeHasJoined() {
        var refused = late.command(new RemoveTopic("orders"))
                .handle((done, error) -> ((WalException) FutureErrors.unwrapped(error)).code());

        assertThat(refused).isCompletedWithValue(ErrorCode.UNAVAILABLE);
    }

    @Test
    void passesEverythingOnOnceTheNodeHasJoined() {
        late.addListener(seen::add);

        late.join(cluster);
        late.addListener(seen::add);
        cluster.leads("n1");

        assertThat(seen).hasSize(4).last().isEqualTo(late.view());
        assertThat(late.command(new RemoveTopic("orders"))).isCompleted();
        assertThat(cluster.commands).containsExactly(new RemoveTopic("orders"));
        late.leave();
        assertThat(cluster.hasLeft()).isTrue();
    }
}
