package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerSettingsTest {
    private static final List<BrokerAddress> THREE =
            List.of(new BrokerAddress(101, 201), new BrokerAddress(102, 202), new BrokerAddress(103, 203));
    private static final Path STORAGE = Path.of("storage");

    @Test
    void namesAllVotersAndOnlyTheLoopbackAddress() {
        var settings = BrokerSettings.of(1, THREE, STORAGE, Map.of());

        assertThat(settings)
                .containsEntry("node.id", "1")
                .containsEntry("listeners", "PLAINTEXT://127.0.0.1:102,CONTROLLER://127.0.0.1:202")
                .containsEntry("controller.quorum.voters", "0@127.0.0.1:201,1@127.0.0.1:202,2@127.0.0.1:203");
    }

    @Test
    void clientsOfTheDetourGetThePortOfTheProxy() {
        var nodes = List.of(new BrokerAddress(101, 201, new BrokerAddress.Detour(301, 401)));

        assertThat(BrokerSettings.of(0, nodes, STORAGE, Map.of()))
                .containsEntry(
                        "listeners", "PLAINTEXT://127.0.0.1:101,CONTROLLER://127.0.0.1:201,DETOUR://127.0.0.1:301")
                .containsEntry("advertised.listeners", "PLAINTEXT://127.0.0.1:101,DETOUR://127.0.0.1:401")
                .containsEntry("inter.broker.listener.name", "PLAINTEXT");
    }

    @Test
    void replicatesToAllOfThreeAndNeedsTwo() {
        var settings = BrokerSettings.of(0, THREE, STORAGE, Map.of());

        assertThat(settings)
                .containsEntry("transaction.state.log.replication.factor", "3")
                .containsEntry("transaction.state.log.min.isr", "2")
                .containsEntry("offsets.topic.replication.factor", "3")
                .containsEntry("min.insync.replicas", "2");
    }

    @Test
    void needsNoMoreThanOneOfOne() {
        var settings = BrokerSettings.of(0, THREE.subList(0, 1), STORAGE, Map.of());

        assertThat(settings)
                .containsEntry("transaction.state.log.replication.factor", "1")
                .containsEntry("transaction.state.log.min.isr", "1")
                .containsEntry("min.insync.replicas", "1");
    }

    @Test
    void letsTheUserOverrideADefault() {
        var settings = BrokerSettings.of(0, THREE, STORAGE, Map.of("broker.session.timeout.ms", "9000"));

        assertThat(settings).containsEntry("broker.session.timeout.ms", "9000");
    }

    @Test
    void refusesASettingThatItDerives() {
        assertThatThrownBy(() -> LocalKafka.builder().property("node.id", "7"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node.id");
    }
}
