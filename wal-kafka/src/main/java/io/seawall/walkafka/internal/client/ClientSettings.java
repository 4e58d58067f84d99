package io.seawall.walkafka.internal.client;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.internal.format.TopicRules;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Makes the settings of Kafka's clients. Users' settings replace the defaults; the settings that the protocol needs replace
 * both.
 */
final class ClientSettings {
    private static final int MIB = 1024 * 1024;

    /** Longer than any delivery, far shorter than the broker's 15 minutes. */
    private static final int TRANSACTION_TIMEOUT_MS = 60_000;

    /** The first append after days without one must not wait for metadata. */
    private static final long KEEP_METADATA_MS = Duration.ofDays(365).toMillis();

    private ClientSettings() {}

    /** Returns the defaults for all clients, which users may change. */
    private static Map<String, Object> defaults() {
        var all = new HashMap<String, Object>();
        all.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        // Kafka's default registers some hundred JMX beans for each client, a sixth of what opening a log costs.
        all.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, List.of());
        // A host that died does not even refuse a connection. Kafka's
        // default of 10 s would be the longest part of a failover.
        all.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 3_000L);
        all.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 10_000L);
        return all;
    }

    static Map<String, Object> producer(
            KafkaConnection connection, WalSettings settings, String client, PChannel pchannel, Lane lane) {
        var all = defaults();
        var deliveryMs = (int) settings.timeouts().delivery().toMillis();
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(10_000, deliveryMs));
        all.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, KEEP_METADATA_MS);
        all.putAll(connection.producerSettings());
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, client + "-" + pchannel + "-" + lane.suffix());
        all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TransactionalIds.of(connection.prefix(), pchannel, lane));
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        all.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryMs);
        all.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
        all.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 500);
        all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        // A prepared transaction would outlive every timeout and block the next owner.
        all.put(ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT_ENABLE_CONFIG, false);
        all.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        all.remove(CommonClientConfigs.CLIENT_RACK_CONFIG);
        // No call may block the mailbox: HeldSends holds records back
        // while they cannot be sent, and PolledCall repeats slow calls.
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0L);
        // A full buffer would fail the lane. It never fills: the window bounds the records in flight, and one roll
        // bounds them while records are republished.
        var handedOver =
                Math.max(settings.limits().windowBytes(), settings.lease().rollBytes());
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2 * handedOver + 16 * MIB);
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, TopicRules.maxMessageBytes(settings) + MIB);
        return all;
    }

    static Map<String, Object> consumer(
            KafkaConnection connection, String client, LogCursor.Isolation isolation, Duration longestFetch) {
        var all = defaults();
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 2 * MIB);
        all.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
        all.put(ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 500);
        all.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        all.putAll(connection.consumerSettings());
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, client);
        all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) longestFetch.toMillis());
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.remove(ConsumerConfig.GROUP_ID_CONFIG); // never a member of a group
        all.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        all.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                isolation == LogCursor.Isolation.COMMITTED ? "read_committed" : "read_uncommitted");
        // The protocol relies on answers of the leader: a follower may lag behind a takeover.
        all.remove(CommonClientConfigs.CLIENT_RACK_CONFIG);
        return all;
    }

    static Map<String, Object> admin(KafkaConnection connection, String client) {
        var all = defaults();
        all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        all.putAll(connection.adminSettings());
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, client);
        return all;
    }
}
