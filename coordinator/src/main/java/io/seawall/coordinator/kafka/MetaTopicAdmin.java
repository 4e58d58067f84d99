package io.seawall.coordinator.kafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates and checks the meta topic. Its blocking calls are for the thread that reads the topic. */
final class MetaTopicAdmin implements MetaReader.Lookup {
    private static final Logger LOG = LoggerFactory.getLogger(MetaTopicAdmin.class);
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
    @Override
    public Optional<Uuid> ensure() {
        try {
            var found = describe();
            if (found.isEmpty()) {
                create();
                return Optional.empty();
            }
            if (!isFit(found.get())) {
                return Optional.empty();
            }
            return found.filter(MetaTopicAdmin::hasLeader).map(TopicDescription::topicId);
        } catch (ExecutionException error) {
            throw KafkaErrors.translated("look for topic " + topic, FutureErrors.unwrapped(error));
        }
    }

    /** Asks for the topic's id. Does not block. */
    @Override
    public CompletableFuture<Uuid> id() {
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
        try {
            got(admin.createTopics(List.of(new NewTopic(topic, 1, (short) replicas).configs(settings(replicas))))
                    .all());
        } catch (ExecutionException error) {
            if (!(error.getCause() instanceof TopicExistsException)) {
                throw error;
            }
        }
    }

    private static Map<String, String> settings(int replicas) {
        var settings = new HashMap<>(SETTINGS);
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, replicas >= MOST_REPLICAS ? "2" : "1");
        return settings;
    }

    /** Returns whether the topic keeps the state. One that a broker made by itself does so from now on, and is looked at again. */
    private boolean isFit(TopicDescription found) throws ExecutionException {
        if (found.partitions().size() != 1) {
            throw unfit(found.partitions().size() + " partitions", "1 partition");
        }
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var configs = got(Objects.requireNonNull(
                admin.describeConfigs(List.of(resource)).values().get(resource), topic));
        var policy = configs.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        // "compact,delete" would forget the terms of logs that nothing was decided about for a week.
        if (policy != null && TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy.value())) {
            return true;
        }
        if (configs.entries().stream().noneMatch(entry -> entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG)) {
            adopt(found, resource);
            return false;
        }
        throw unfit(
                "cleanup.policy=" + (policy == null ? "" : policy.value()),
                TopicConfig.CLEANUP_POLICY_CONFIG + "=" + TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    /**
     * Gives its settings to a topic that has none of its own. Kafka's producers always ask brokers to create what they write to
     * ({@code auto.create.topics.enable}). So a topic that is deleted while a node has something to write may be there again
     * before a node has created it.
     */
    private void adopt(TopicDescription found, ConfigResource resource) throws ExecutionException {
        var replicas = found.partitions().get(0).replicas().size();
        LOG.atWarn()
                .addKeyValue("topic", topic)
                .addKeyValue("replicas", replicas)
                .log("a broker created the meta topic by itself; gives it the settings that it needs. Set"
                        + " auto.create.topics.enable=false, and raise the number of replicas if it is too low");
        var changes = new ArrayList<AlterConfigOp>();
        settings(replicas)
                .forEach((name, value) ->
                        changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
        got(admin.incrementalAlterConfigs(Map.of(resource, changes)).all());
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
