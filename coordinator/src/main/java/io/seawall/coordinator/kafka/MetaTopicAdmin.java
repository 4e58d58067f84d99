package io.seawall.coordinator.kafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates and checks the meta topic. Its blocking calls are for the thread that reads the topic. */
final class MetaTopicAdmin {
    private static final int MOST_REPLICAS = 3;

    /**
     * The settings of a new topic. A part of the log is compacted only once its segment is closed, so segments are closed after
     * ten minutes, and compaction begins as soon as a tenth is new: what a process reads at its start stays near the size of the
     * state. The mark of a deleted key is kept for a week, so that a process that was paused for days does not miss it.
     */
    private static final Map<String, String> SETTINGS = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.SEGMENT_MS_CONFIG, "600000",
            TopicConfig.SEGMENT_BYTES_CONFIG, "16777216",
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1",
            TopicConfig.DELETE_RETENTION_MS_CONFIG, "604800000",
            TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");

    private final Admin admin;
    private final String topic;

    MetaTopicAdmin(Admin admin, String topic) {
        this.admin = admin;
        this.topic = topic;
    }

    /**
     * Creates the topic if it is not there, and checks it. Blocks.
     *
     * @return the topic's id, which is another one if the topic was deleted and made again; empty if the topic was created, and
     *     is not ready yet: a transaction on a partition whose leader the coordinator does not know could lose its markers
     *     (docs/kafka.md#lost-markers)
     * @throws io.seawall.wal.WalException with {@link ErrorCode#INVALID} for a topic that keeps no state; with other codes if
     *     Kafka does not answer
     */
    Optional<Uuid> ensure() {
        try {
            var found = describe();
            if (found.isEmpty()) {
                create();
                return Optional.empty();
            }
            check(found.get());
            return found.filter(MetaTopicAdmin::hasLeader).map(TopicDescription::topicId);
        } catch (ExecutionException error) {
            throw KafkaErrors.translated("look for topic " + topic, FutureErrors.unwrapped(error));
        }
    }

    /** Asks for the topic's id. Does not block. */
    CompletableFuture<Uuid> id() {
        return described()
                .thenApply(TopicDescription::topicId)
                .toCompletionStage()
                .toCompletableFuture();
    }

    private KafkaFuture<TopicDescription> described() {
        return Objects.requireNonNull(
                admin.describeTopics(List.of(topic)).topicNameValues().get(topic), topic);
    }

    private static boolean hasLeader(TopicDescription topic) {
        var leader = topic.partitions().get(0).leader();
        return leader != null && !leader.isEmpty();
    }

    private Optional<TopicDescription> describe() throws ExecutionException {
        try {
            return Optional.of(got(described()));
        } catch (ExecutionException error) {
            if (error.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw error;
        }
    }

    private void create() throws ExecutionException {
        var brokers = got(admin.describeCluster().nodes()).size();
        var replicas = Math.min(MOST_REPLICAS, brokers);
        var settings = new HashMap<>(SETTINGS);
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, replicas >= MOST_REPLICAS ? "2" : "1");
        try {
            got(admin.createTopics(List.of(new NewTopic(topic, 1, (short) replicas).configs(settings)))
                    .all());
        } catch (ExecutionException error) {
            if (!(error.getCause() instanceof TopicExistsException)) {
                throw error;
            }
        }
    }

    private void check(TopicDescription found) throws ExecutionException {
        if (found.partitions().size() != 1) {
            throw unfit(found.partitions().size() + " partitions", "1 partition");
        }
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var configs = got(Objects.requireNonNull(
                admin.describeConfigs(List.of(resource)).values().get(resource), topic));
        var policy = configs.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        // "compact,delete" would forget the terms of logs that nothing was decided about for a week.
        if (policy == null || !TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy.value())) {
            throw unfit(
                    "cleanup.policy=" + (policy == null ? "" : policy.value()),
                    TopicConfig.CLEANUP_POLICY_CONFIG + "=" + TopicConfig.CLEANUP_POLICY_COMPACT);
        }
    }

    private RuntimeException unfit(String found, String expected) {
        return Problem.of(ErrorCode.INVALID, "use topic " + topic + " as the cluster's meta topic")
                .found(found)
                .expected(expected)
                .fix("alter the topic, or delete it if no cluster uses it: a node creates it as it has to be")
                .exception();
    }

    private static <T> T got(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
    }
}
