package io.seawall.walkafka.internal.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminAnswers;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreatePartitionsResult;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.CreateTopicsResult.TopicMetadataAndConfig;
import org.apache.kafka.clients.admin.DeleteRecordsOptions;
import org.apache.kafka.clients.admin.DeleteRecordsResult;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.DeleteTopicsResult;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.DescribeFeaturesResult;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.DescribeLogDirsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.jspecify.annotations.Nullable;

/** A fake of Kafka's admin client with three brokers. Answers at once. Used by one thread at a time. */
final class FakeAdmin extends ForwardingAdmin {
    private static final int BROKERS = 3;
    private static final int TESTED = 31;

    private final Set<Integer> silent = new TreeSet<>();
    private final Map<String, String> settings = new HashMap<>();
    private final Map<IsolationLevel, Long> ends = new HashMap<>();
    private final List<ListOffsetsOptions> offsetRequests = new ArrayList<>();
    private final Map<String, TopicDescription> known = new HashMap<>();
    private final Map<Integer, Map<TopicPartition, ReplicaInfo>> replicas = new HashMap<>();
    private final List<Integer> sizeRequests = new ArrayList<>();
    private int transactionVersion = 2;
    private int featureRequests;
    private @Nullable RuntimeException offsetsError;
    private @Nullable RuntimeException changeError;
    private @Nullable RuntimeException growError;

    FakeAdmin() {
        super(Map.of("bootstrap.servers", "localhost:1"));
    }

    /** Makes a broker hang: it answers no request from now on. */
    void silence(int broker) {
        silent.add(broker);
    }

    void setTransactionVersion(int level) {
        transactionVersion = level;
    }

    /** Sets a setting of every broker. */
    void setBrokerSetting(String name, String value) {
        settings.put(name, value);
    }

    /** Sets the ends of every partition. Each partition starts at offset 3 and has no record for any time. */
    void setEnds(long lastStable, long highWatermark) {
        ends.put(IsolationLevel.READ_COMMITTED, lastStable);
        ends.put(IsolationLevel.READ_UNCOMMITTED, highWatermark);
    }

    /** Makes requests to create topics and to delete topics or records fail with this error. With null they succeed. */
    void failChanges(@Nullable RuntimeException error) {
        changeError = error;
    }

    /** Makes requests to add partitions fail with this error. */
    void failGrowing(RuntimeException error) {
        growError = error;
    }

    private <T> KafkaFuture<T> change(@Nullable T done) {
        return change(done, changeError);
    }

    private static <T> KafkaFuture<T> change(@Nullable T done, @Nullable RuntimeException error) {
        var answer = new KafkaFutureImpl<T>();
        if (error == null) {
            answer.complete(done);
        } else {
            answer.completeExceptionally(error);
        }
        return answer;
    }

    @Override
    public CreateTopicsResult createTopics(Collection<NewTopic> topics, CreateTopicsOptions options) {
        var topic = topics.iterator().next();
        var config = new Config(List.of());
        return AdminAnswers.created(
                topic.name(), change(new TopicMetadataAndConfig(Uuid.ONE_UUID, topic.numPartitions(), 1, config)));
    }

    @Override
    public CreatePartitionsResult createPartitions(Map<String, NewPartitions> grow, CreatePartitionsOptions options) {
        return AdminAnswers.grown(grow.keySet().iterator().next(), FakeAdmin.<Void>change(null, growError));
    }

    @Override
    public DeleteTopicsResult deleteTopics(TopicCollection topics, DeleteTopicsOptions options) {
        var names = ((TopicCollection.TopicNameCollection) topics).topicNames();
        return AdminAnswers.deleted(names.iterator().next(), this.<Void>change(null));
    }

    @Override
    public DeleteRecordsResult deleteRecords(
            Map<TopicPartition, RecordsToDelete> records, DeleteRecordsOptions options) {
        return new DeleteRecordsResult(Map.of(records.keySet().iterator().next(), change(new DeletedRecords(0))));
    }

    void failOffsets(RuntimeException error) {
        offsetsError = error;
    }

    /** Adds a topic whose partitions have these brokers as leaders; -1 for no leader. */
    void setLeaders(String topic, int... leaders) {
        var partitions = new ArrayList<TopicPartitionInfo>();
        for (var leader : leaders) {
            var node = leader < 0 ? Node.noNode() : new Node(leader, "localhost", 1);
            partitions.add(new TopicPartitionInfo(partitions.size(), node, List.of(), List.of()));
        }
        known.put(topic, new TopicDescription(topic, false, partitions));
    }

    /** Adds a replica to a broker's folder. */
    void setReplica(int broker, String topic, int partition, long bytes, boolean future) {
        replicas.computeIfAbsent(broker, key -> new HashMap<>())
                .put(new TopicPartition(topic, partition), new ReplicaInfo(bytes, 0, future));
    }

    /** Returns the brokers that were asked for the contents of their folders, in order. */
    List<Integer> sizeRequests() {
        return sizeRequests;
    }

    @Override
    public DescribeLogDirsResult describeLogDirs(Collection<Integer> brokers, DescribeLogDirsOptions options) {
        var answers = new HashMap<Integer, KafkaFuture<Map<String, LogDirDescription>>>();
        for (var broker : brokers) {
            sizeRequests.add(broker);
            var answer = new KafkaFutureImpl<Map<String, LogDirDescription>>();
            if (silent.contains(broker)) {
                answer.completeExceptionally(new TimeoutException("broker " + broker + " does not answer"));
            } else {
                answer.complete(Map.of("/data", new LogDirDescription(null, replicas.getOrDefault(broker, Map.of()))));
            }
            answers.put(broker, answer);
        }
        return AdminAnswers.logDirs(answers);
    }

    /** Returns how often the features were requested. */
    int featureRequests() {
        return featureRequests;
    }

    /** Returns the options of each request for offsets, in order. */
    List<ListOffsetsOptions> offsetRequests() {
        return offsetRequests;
    }

    @Override
    public DescribeFeaturesResult describeFeatures(DescribeFeaturesOptions options) {
        featureRequests++;
        return AdminAnswers.features(transactionVersion, TESTED);
    }

    @Override
    public DescribeClusterResult describeCluster(DescribeClusterOptions options) {
        var nodes = new ArrayList<Node>();
        for (var id = 0; id < BROKERS; id++) {
            nodes.add(new Node(id, "localhost", 1));
        }
        return AdminAnswers.cluster(nodes);
    }

    /**
     * Kafka's client gives up after the requested timeout, or after a minute without one. Here a request to a silent broker fails
     * at once if its timeout is at most two seconds; otherwise it never ends.
     */
    @Override
    public DescribeConfigsResult describeConfigs(Collection<ConfigResource> resources, DescribeConfigsOptions options) {
        var answers = new HashMap<ConfigResource, KafkaFuture<Config>>();
        for (var resource : resources) {
            answers.put(
                    resource,
                    resource.type() == ConfigResource.Type.TOPIC
                            ? KafkaFuture.completedFuture(new Config(List.of()))
                            : answer(Integer.parseInt(resource.name()), options.timeoutMs()));
        }
        return AdminAnswers.configs(answers);
    }

    private KafkaFuture<Config> answer(int broker, @Nullable Integer timeoutMs) {
        if (!silent.contains(broker)) {
            return KafkaFuture.completedFuture(new Config(settings.entrySet().stream()
                    .map(entry -> new ConfigEntry(entry.getKey(), entry.getValue()))
                    .toList()));
        }
        var answer = new KafkaFutureImpl<Config>();
        if (timeoutMs != null && timeoutMs <= Duration.ofSeconds(2).toMillis()) {
            answer.completeExceptionally(new TimeoutException("broker " + broker + " does not answer"));
        }
        return answer;
    }

    @Override
    public DescribeTopicsResult describeTopics(TopicCollection topics, DescribeTopicsOptions options) {
        var answers = new HashMap<String, KafkaFuture<TopicDescription>>();
        for (var name : ((TopicCollection.TopicNameCollection) topics).topicNames()) {
            if (known.containsKey(name)) {
                answers.put(name, KafkaFuture.completedFuture(known.get(name)));
                continue;
            }
            var absent = new KafkaFutureImpl<TopicDescription>();
            absent.completeExceptionally(new UnknownTopicOrPartitionException(name));
            answers.put(name, absent);
        }
        return AdminAnswers.topics(answers);
    }

    @Override
    public ListOffsetsResult listOffsets(Map<TopicPartition, OffsetSpec> specs, ListOffsetsOptions options) {
        offsetRequests.add(options);
        var answers = new HashMap<TopicPartition, KafkaFuture<ListOffsetsResultInfo>>();
        specs.forEach((partition, spec) -> answers.put(partition, offset(spec, options.isolationLevel())));
        return new ListOffsetsResult(answers);
    }

    private KafkaFuture<ListOffsetsResultInfo> offset(OffsetSpec spec, IsolationLevel level) {
        var answer = new KafkaFutureImpl<ListOffsetsResultInfo>();
        if (offsetsError != null) {
            answer.completeExceptionally(offsetsError);
            return answer;
        }
        var end = ends.getOrDefault(level, 3L);
        var found = spec instanceof OffsetSpec.TimestampSpec ? -1 : spec instanceof OffsetSpec.EarliestSpec ? 3 : end;
        answer.complete(new ListOffsetsResultInfo(found, -1, Optional.empty()));
        return answer;
    }
}
