package io.seawall.coordinator.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Makes the settings of Kafka's clients. Users' settings replace the defaults; the settings that the protocol needs replace
 * both.
 */
final class ClientSettings {
    /** How long a call of the coordinator's producer may block its thread. */
    static final Duration PRODUCER_CALL = Duration.ofSeconds(4);

    /** A record that was not acknowledged after this time failed; it is written again then. */
    private static final Duration ANNOUNCEMENT = Duration.ofSeconds(10);

    /**
     * A transaction without an end hides what nodes announce behind it. The next coordinator ends it; this is for the case that
     * there is none.
     */
    private static final Duration TRANSACTION = Duration.ofSeconds(15);

    private static final Duration HEARTBEAT = Duration.ofMillis(300);

    /** At the end of the topic the broker answers when a record comes, or else after this time. */
    private static final Duration LONGEST_FETCH = Duration.ofMillis(250);

    private ClientSettings() {}

    /** Returns the defaults for all clients, which users may change. */
    private static Map<String, Object> defaults() {
        var all = new HashMap<String, Object>();
        all.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        // Kafka's default registers some hundred JMX beans for each client, a sixth of what opening a log costs.
        all.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, List.of());
        // A host that died does not even refuse a connection.
        all.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 2_000L);
        all.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 10_000L);
        return all;
    }

    private static Map<String, Object> producer(ClusterConnection connection, String client, Duration delivery) {
        var all = defaults();
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        all.putAll(connection.producer());
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, client);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        all.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        all.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        all.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
        all.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 500);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) delivery.toMillis());
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) delivery.toMillis() / 2);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PRODUCER_CALL.toMillis());
        // A prepared transaction would outlive every time-out and block the next coordinator.
        all.put(ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT_ENABLE_CONFIG, false);
        all.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        all.remove(CommonClientConfigs.CLIENT_RACK_CONFIG);
        return all;
    }

    /** Returns the settings of the producer of an attempt to coordinate. */
    static Map<String, Object> coordinator(ClusterConnection connection, String client) {
        var all = producer(connection, client, PRODUCER_CALL);
        all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, connection.coordinatorId());
        all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION.toMillis());
        return all;
    }

    /** Returns the settings of the producer of what a process writes about itself. */
    static Map<String, Object> announcements(ClusterConnection connection, String client) {
        return producer(connection, client, ANNOUNCEMENT);
    }

    private static Map<String, Object> consumer(ClusterConnection connection, String client) {
        var all = defaults();
        all.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        all.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
        all.put(ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 500);
        all.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
        all.putAll(connection.consumer());
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, client);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        all.remove(CommonClientConfigs.CLIENT_RACK_CONFIG);
        return all;
    }

    /** Returns the settings of the consumer that reads the meta topic, which is in no group. */
    static Map<String, Object> reader(ClusterConnection connection, String client) {
        var all = consumer(connection, client);
        all.remove(ConsumerConfig.GROUP_ID_CONFIG);
        all.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        all.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) LONGEST_FETCH.toMillis());
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        return all;
    }

    /** Returns the settings of the consumer that is a member of the group, and reads nothing. */
    static Map<String, Object> member(ClusterConnection connection, String client, String node, Duration session) {
        var all = consumer(connection, client);
        all.put(ConsumerConfig.GROUP_ID_CONFIG, connection.group());
        // A process that restarts is the same member, so that its return moves nothing.
        all.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, node);
        all.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) session.toMillis());
        all.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) HEARTBEAT.toMillis());
        // The group waits for so long for a member that does not take part in a rebalance.
        all.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) session.toMillis());
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return all;
    }

    static Map<String, Object> admin(ClusterConnection connection, String client) {
        var all = defaults();
        all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        all.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, 20L);
        all.putAll(connection.admin());
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, client);
        return all;
    }
}
