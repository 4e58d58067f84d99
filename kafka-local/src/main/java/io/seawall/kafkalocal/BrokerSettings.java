package io.seawall.kafkalocal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Computes the server.properties of each node, from the cluster's shape and the user's settings only. */
final class BrokerSettings {
    /** Settings that this class derives; with another value LocalKafka could not reach or restart the cluster. */
    private static final Set<String> DERIVED = Set.of(
            "process.roles",
            "node.id",
            "broker.id",
            "listeners",
            "advertised.listeners",
            "listener.security.protocol.map",
            "inter.broker.listener.name",
            "controller.listener.names",
            "controller.quorum.voters",
            "controller.quorum.bootstrap.servers",
            "log.dir",
            "log.dirs",
            "metadata.log.dir");

    private BrokerSettings() {}

    /**
     * Rejects a user's setting that is derived.
     *
     * @throws IllegalArgumentException if LocalKafka sets it itself
     */
    static void checkUserSetting(String key) {
        if (DERIVED.contains(key)) {
            throw new IllegalArgumentException(
                    "Cannot set " + key + ": LocalKafka derives it from ports and data directory");
        }
    }

    /**
     * Returns the settings of one node.
     *
     * @param node its index in the addresses, which is also its node.id
     * @param nodes the addresses of all nodes
     * @param storage the folder for its data
     * @param users settings that override the defaults here
     */
    static Properties of(int node, List<BrokerAddress> nodes, Path storage, Map<String, String> users) {
        var settings = new Properties();
        place(settings, node, nodes, storage);
        replication(settings, Math.min(3, nodes.size()));
        failureDetection(settings, nodes.size());
        smallFootprint(settings);
        settings.putAll(users);
        return settings;
    }

    private static void place(Properties settings, int node, List<BrokerAddress> nodes, Path storage) {
        var here = nodes.get(node);
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", Integer.toString(node));
        var detour = here.detour();
        settings.setProperty(
                "listeners",
                "PLAINTEXT://" + here.client() + ",CONTROLLER://" + here.controller()
                        + (detour == null ? "" : ",DETOUR://" + detour.listener()));
        settings.setProperty(
                "advertised.listeners",
                "PLAINTEXT://" + here.client() + (detour == null ? "" : ",DETOUR://" + detour.advertised()));
        settings.setProperty(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,DETOUR:PLAINTEXT");
        settings.setProperty("inter.broker.listener.name", "PLAINTEXT");
        settings.setProperty("controller.listener.names", "CONTROLLER");
        // Takes the voters from the configuration, not from the
        // metadata log: kept data must start again on other ports.
        settings.setProperty(
                "controller.quorum.voters",
                IntStream.range(0, nodes.size())
                        .mapToObj(id -> id + "@" + nodes.get(id).controller())
                        .collect(Collectors.joining(",")));
        settings.setProperty("log.dirs", storage.toString());
    }

    private static void replication(Properties settings, int factor) {
        var replicas = Integer.toString(factor);
        var minimum = Integer.toString(factor == 3 ? 2 : 1);
        settings.setProperty("default.replication.factor", replicas);
        settings.setProperty("min.insync.replicas", minimum);
        settings.setProperty("offsets.topic.replication.factor", replicas);
        settings.setProperty("transaction.state.log.replication.factor", replicas);
        settings.setProperty("transaction.state.log.min.isr", minimum);
        settings.setProperty("share.coordinator.state.topic.replication.factor", replicas);
        settings.setProperty("share.coordinator.state.topic.min.isr", minimum);
        settings.setProperty("unclean.leader.election.enable", "false");
        settings.setProperty("auto.create.topics.enable", "false");
    }

    /**
     * Detects a dead broker within seconds. The setting also bounds restarts: until the controller has waited for the session
     * of the earlier process to end, even after a clean stop, it rejects the registration; with Kafka's 9 s this takes 12 s.
     * Nobody takes over from a single broker, so its session is only that wait.
     */
    private static void failureDetection(Properties settings, int nodes) {
        settings.setProperty("broker.session.timeout.ms", nodes == 1 ? "2000" : "3000");
        settings.setProperty("broker.heartbeat.interval.ms", nodes == 1 ? "250" : "500");
        settings.setProperty("replica.lag.time.max.ms", "5000");
        settings.setProperty("replica.fetch.backoff.ms", "200");
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        // While the coordinator still finishes a transaction, the partition's leader retries the next one after this
        // pause.
        // Kafka's 20 ms would delay back-to-back transactions, and takeovers, to multiples of 20 ms.
        settings.setProperty("add.partitions.to.txn.retry.backoff.ms", "1");
    }

    private static void smallFootprint(Properties settings) {
        settings.setProperty("offsets.topic.num.partitions", "4");
        settings.setProperty("transaction.state.log.num.partitions", "4");
        settings.setProperty("share.coordinator.state.topic.num.partitions", "4");
        // Allocated on the heap at start; the default of 128 MiB is a quarter of our heap.
        settings.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024));
    }
}
