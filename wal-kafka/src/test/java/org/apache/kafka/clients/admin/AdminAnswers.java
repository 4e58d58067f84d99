package org.apache.kafka.clients.admin;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** Creates results of Kafka's admin client whose constructors are visible in this package only. */
public final class AdminAnswers {
    private AdminAnswers() {}

    /**
     * Returns the features of a cluster.
     *
     * @param transactionVersion the finalized transaction.version
     * @param metadataVersion the highest supported metadata.version
     */
    public static DescribeFeaturesResult features(int transactionVersion, int metadataVersion) {
        var level = (short) transactionVersion;
        return new DescribeFeaturesResult(KafkaFuture.completedFuture(new FeatureMetadata(
                Map.of("transaction.version", new FinalizedVersionRange(level, level)),
                Optional.of(1L),
                Map.of("metadata.version", new SupportedVersionRange((short) 0, (short) metadataVersion)))));
    }

    /** Returns the brokers. */
    public static DescribeClusterResult cluster(Collection<Node> nodes) {
        return new DescribeClusterResult(
                KafkaFuture.completedFuture(nodes),
                KafkaFuture.completedFuture(nodes.iterator().next()),
                KafkaFuture.completedFuture("cluster"),
                KafkaFuture.completedFuture(Set.of()));
    }

    /** Returns settings. */
    public static DescribeConfigsResult configs(Map<ConfigResource, KafkaFuture<Config>> settings) {
        return new DescribeConfigsResult(settings);
    }

    /** Returns the contents of the brokers' folders. */
    public static DescribeLogDirsResult logDirs(Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> byBroker) {
        return new DescribeLogDirsResult(byBroker);
    }

    /** Returns the result of creating one topic. */
    public static CreateTopicsResult created(
            String topic, KafkaFuture<CreateTopicsResult.TopicMetadataAndConfig> result) {
        return new CreateTopicsResult(Map.of(topic, result));
    }

    /** Returns the result of adding partitions to one topic. */
    public static CreatePartitionsResult grown(String topic, KafkaFuture<Void> result) {
        return new CreatePartitionsResult(Map.of(topic, result));
    }

    /** Returns the result of deleting one topic. */
    public static DeleteTopicsResult deleted(String topic, KafkaFuture<Void> result) {
        return DeleteTopicsResult.ofTopicNames(Map.of(topic, result));
    }

    /** Returns the descriptions of topics, by name. */
    public static DescribeTopicsResult topics(Map<String, KafkaFuture<TopicDescription>> byName) {
        return DescribeTopicsResult.ofTopicNames(byName);
    }
}
