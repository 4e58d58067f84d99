package io.seawall.walkafka;

import java.util.HashMap;
import java.util.Map;

/**
 * How to reach Kafka, and under which names.
 *
 * @param prefix what every topic, transactional id and group starts with
 * @param strictTopics whether a topic with wrong settings is refused (true) or warned about
 * @param common settings of all clients, {@code bootstrap.servers} among them
 * @param producer settings of producers, over the common ones
 * @param consumer settings of consumers, over the common ones
 * @param admin settings of admin clients, over the common ones
 */
public record KafkaConnection(
        String prefix,
        boolean strictTopics,
        Map<String, Object> common,
        Map<String, Object> producer,
        Map<String, Object> consumer,
        Map<String, Object> admin) {
    /** Takes unchangeable copies. */
    public KafkaConnection {
        common = Map.copyOf(common);
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
        admin = Map.copyOf(admin);
    }

    /**
     * A connection without security.
     *
     * @param bootstrapServers host and port of one or more brokers, with commas between
     * @param prefix what every name starts with
     * @return the connection, strict about topics
     */
    public static KafkaConnection plain(String bootstrapServers, String prefix) {
        return new KafkaConnection(
                prefix, true, Map.of("bootstrap.servers", bootstrapServers), Map.of(), Map.of(), Map.of());
    }

    /** The name that a topic has in Kafka. */
    String topicName(String topic) {
        return prefix + topic;
    }

    Map<String, Object> producerSettings() {
        return merged(producer);
    }

    Map<String, Object> consumerSettings() {
        return merged(consumer);
    }

    Map<String, Object> adminSettings() {
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
