package io.seawall.node;

import io.seawall.coordinator.kafka.ClusterConnection;
import io.seawall.coordinator.member.MemberSettings;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.placement.PlacementSettings;
import io.seawall.coordinator.placement.PlacementSettings.Absence;
import io.seawall.coordinator.placement.PlacementSettings.Patience;
import io.seawall.node.config.NodeConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Derives the settings of a member of the cluster from a node's configuration. */
final class ClusterConfig {
    private static final int RANDOM_BYTES = 6;

    /** A cold start waits at most this many times as long for members to be the same. */
    private static final int SETTLE_MOST = 5;

    private static final Duration BEYOND_OPENING = Duration.ofMinutes(1);

    private ClusterConfig() {}

    /** Returns the name of this process, which is different for each: the node's id, and a random part. */
    static Owner process(NodeConfig config, RandomGenerator random) {
        var bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return new Owner(config.nodeId(), config.nodeId() + "-" + HexFormat.of().formatHex(bytes));
    }

    /** Returns how to reach Kafka. */
    static ClusterConnection connection(NodeConfig config) {
        var consumer = new HashMap<>(config.kafkaConsumer());
        consumer.put(
                "heartbeat.interval.ms",
                Math.toIntExact(config.clusterHeartbeat().toMillis()));
        return new ClusterConnection(config.prefix(), config.kafkaProducer(), consumer, config.kafkaAdmin());
    }

    /**
     * Returns the settings of a member.
     *
     * @param self this node and its process
     * @param url where it serves clients
     * @param grpc where it serves gRPC, as host:port; empty if it does not
     */
    static MemberSettings settings(NodeConfig config, Owner self, String url, String grpc) {
        return new MemberSettings(
                self,
                url,
                config.clusterPeerUrl(),
                grpc,
                placement(config),
                config.clusterHints(),
                MemberSettings.Limits.DEFAULTS);
    }

    /** Returns the bounds of placement. The coordinator waits for an opening for longer than the owner, whose error says more. */
    static PlacementSettings placement(NodeConfig config) {
        var usual = PlacementSettings.DEFAULTS;
        var absence = new Absence(
                config.clusterGrace(),
                config.clusterSession(),
                config.clusterSettle(),
                config.clusterSettle().multipliedBy(SETTLE_MOST));
        var opening = WalConfig.lifetimes(config).openTimeout().plus(BEYOND_OPENING);
        var patience = new Patience(
                usual.patience().acknowledge(),
                opening.compareTo(usual.patience().open()) > 0
                        ? opening
                        : usual.patience().open(),
                usual.patience().release(),
                usual.patience().rest());
        return new PlacementSettings(absence, usual.bounds(), patience, usual.pauses());
    }
}
