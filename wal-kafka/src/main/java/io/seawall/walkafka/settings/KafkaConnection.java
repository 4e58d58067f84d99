package io.seawall.walkafka.settings;

import java.util.HashMap;
import java.util.Map;

/**
 * The settings of Kafka's clients, and the prefix of all names in Kafka.
 *
 * @param prefix the prefix of the name of every topic, transactional id and group
 * @param strictTopics whether unsafe settings of topics and brokers are refused (true) or only logged as a warning
 * @param common settings for all clients, among them {@code bootstrap.servers}
 * @param producer settings for producers, which override the common ones
 * @param consumer settings for consumers, which override the common ones
 * @param admin settings for admin clients, which override the common ones
 */
public record KafkaConnection(
        String prefix,
        boolean strictTopics,
        Map<String, Object> common,
        Map<String, Object> producer,
        Map<String, Object> consumer,
        Map<String, Object> admin) {
    /** Copies the maps. */
    public KafkaConnection {
        common = Map.copyOf(common);
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
        admin = Map.copyOf(admin);
    }

    /**
     * Returns a connection without encryption and authentication.
     *
     * @param bootstrapServers host and port of one or more brokers, separated by commas
     * @param prefix the prefix of every name
     * @return a connection that refuses unsafe settings of topics
     */
    public static KafkaConnection plain(String bootstrapServers, String prefix) {
        return new KafkaConnection(
                prefix, true, Map.of("bootstrap.servers", bootstrapServers), Map.of(), Map.of(), Map.of());
    }

    /** Returns the name of a topic in Kafka. */
    public String topicName(String topic) {
        return prefix + topic;
    }

    public Map<String, Object> producerSettings() {
        return merged(producer);
    }

    public Map<String, Object> consumerSettings() {
        return merged(consumer);
    }

    public Map<String, Object> adminSettings() {
        return merged(admin);
    }

    private Map<String, Object> merged(Map<String, Object> special) {
        var all = new HashMap<>(common);
        all.putAll(special);
        return all;
    }

    @Override
    public String toString() {
        // The settings may hold passwords.
        return "KafkaConnection[prefix=" + prefix + ", bootstrap.servers=" + common.get("bootstrap.servers") + "]";
    }
}
