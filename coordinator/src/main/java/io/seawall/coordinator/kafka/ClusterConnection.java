package io.seawall.coordinator.kafka;

import java.util.Map;

/**
 * How a member of the cluster connects to Kafka.
 *
 * @param prefix the prefix of the name of every topic, transactional id and group
 * @param producer settings for producers, among them {@code bootstrap.servers}
 * @param consumer settings for consumers, likewise
 * @param admin settings for admin clients, likewise
 */
public record ClusterConnection(
        String prefix, Map<String, Object> producer, Map<String, Object> consumer, Map<String, Object> admin) {
    /** Copies the maps. */
    public ClusterConnection {
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
        admin = Map.copyOf(admin);
    }

    /**
     * Returns a connection without encryption and authentication.
     *
     * @param bootstrapServers host and port of one or more brokers, separated by commas
     * @param prefix the prefix of every name
     */
    public static ClusterConnection plain(String bootstrapServers, String prefix) {
        var all = Map.<String, Object>of("bootstrap.servers", bootstrapServers);
        return new ClusterConnection(prefix, all, all, all);
    }

    /** Returns the name of the meta topic. */
    public String metaTopic() {
        return prefix + "meta";
    }

    /** Returns the id of the group of the cluster's nodes. */
    public String group() {
        return prefix + "nodes";
    }

    /** Returns the coordinators' transactional id. */
    public String coordinatorId() {
        return prefix + "coordinator";
    }

    @Override
    public String toString() {
        // The settings may hold passwords.
        return "ClusterConnection[prefix=" + prefix + ", bootstrap.servers=" + admin.get("bootstrap.servers") + "]";
    }
}
