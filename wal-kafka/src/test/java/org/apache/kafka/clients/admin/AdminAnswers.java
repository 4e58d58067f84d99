package org.apache.kafka.clients.admin;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** Makes the answers of Kafka's admin client whose constructors Kafka keeps to this package. */
public final class AdminAnswers {
    private AdminAnswers() {}

    /**
     * What the cluster can do.
     *
     * @param transactionVersion finalized
     * @param metadataVersion the highest that is supported
     */
    public static DescribeFeaturesResult features(int transactionVersion, int metadataVersion) {
        var level = (short) transactionVersion;
        return new DescribeFeaturesResult(KafkaFuture.completedFuture(new FeatureMetadata(
                Map.of("transaction.version", new FinalizedVersionRange(level, level)),
                Optional.of(1L),
                Map.of("metadata.version", new SupportedVersionRange((short) 0, (short) metadataVersion)))));
    }

    /** The brokers. */
    public static DescribeClusterResult cluster(Collection<Node> nodes) {
        return new DescribeClusterResult(
                KafkaFuture.completedFuture(nodes),
                KafkaFuture.completedFuture(nodes.iterator().next()),
                KafkaFuture.completedFuture("cluster"),
                KafkaFuture.completedFuture(Set.of()));
    }

    /** Their settings. */
    public static DescribeConfigsResult configs(Map<ConfigResource, KafkaFuture<Config>> settings) {
        return new DescribeConfigsResult(settings);
    }

    /** What is in the brokers' folders. */
    public static DescribeLogDirsResult logDirs(Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> byBroker) {
        return new DescribeLogDirsResult(byBroker);
    }

    /** One topic that was to be created. */
    public static CreateTopicsResult created(
            String topic, KafkaFuture<CreateTopicsResult.TopicMetadataAndConfig> result) {
        return new CreateTopicsResult(Map.of(topic, result));
    }

    /** One topic that was to grow. */
    public static CreatePartitionsResult grown(String topic, KafkaFuture<Void> result) {
        return new CreatePartitionsResult(Map.of(topic, result));
    }

    /** One topic that was to be deleted. */
    public static DeleteTopicsResult deleted(String topic, KafkaFuture<Void> result) {
        return DeleteTopicsResult.ofTopicNames(Map.of(topic, result));
    }

    /** Topics by name. */
    public static DescribeTopicsResult topics(Map<String, KafkaFuture<TopicDescription>> byName) {
        return DescribeTopicsResult.ofTopicNames(byName);
    }
}
