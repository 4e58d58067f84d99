package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.placement.Command;
import io.seawall.lifetime.LifetimeSettings;
import io.seawall.lifetime.WalManager;
import io.seawall.node.cluster.ClusterTopics;
import io.seawall.node.cluster.StubCluster;
import io.seawall.node.cluster.ViewWaits;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.Topic;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicLogsTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final PChannel BILLS = new PChannel("bills", 0);

    private final WalManager lifetimes =
            new WalManager(new RecordingOpener(), new NoFlusher(), LifetimeSettings.DEFAULTS, new StepClock());

    @AfterEach
    void close() {
        lifetimes.close();
    }

    private boolean isExpected(PChannel pchannel) {
        return lifetimes.status(pchannel).orElseThrow().expected().available();
    }

    @Test
    void closesTheLogsOfTheTopicAlone() {
        lifetimes.open(ORDERS, 3).join();
        lifetimes.open(BILLS, 4).join();

        TopicLogs.manual(lifetimes).close("orders");

        assertThat(isExpected(ORDERS)).isFalse();
        assertThat(isExpected(BILLS)).isTrue();
    }

    @Test
    void opensNoLogOfANewTopicBecauseItHasNoTermYet() {
        TopicLogs.manual(lifetimes).open(new Topic("orders", 1, 1, "none"));

        assertThat(lifetimes.statuses()).isEmpty();
    }

    @Test
    void inAClusterAFailureIsNoErrorOfTheTopic() {
        var cluster = new StubCluster().leading(RecordingOpener.error(ErrorCode.UNAVAILABLE));
        var logs = TopicLogs.ofCluster(new ClusterTopics(cluster, new ViewWaits(cluster::view), List::of, () -> 0));

        logs.close("orders");

        assertThat(cluster.commands()).containsExactly(new Command.RemoveTopic("orders"));
    }
}
