package org.apache.kafka.clients.admin;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.CreateTopicsResult.TopicMetadataAndConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** Creates results of Kafka's admin client whose constructors are visible in this package only. */
public final class MetaTopicAnswers {
    private MetaTopicAnswers() {}

    /** Returns the brokers. */
    public static DescribeClusterResult cluster(List<Node> nodes) {
        return new DescribeClusterResult(
                KafkaFuture.completedFuture(nodes),
                KafkaFuture.completedFuture(nodes.get(0)),
                KafkaFuture.completedFuture("cluster"),
                KafkaFuture.completedFuture(Set.of()));
    }

    /** Returns the description of a topic. */
    public static DescribeTopicsResult topic(String name, KafkaFuture<TopicDescription> result) {
        return DescribeTopicsResult.ofTopicNames(Map.of(name, result));
    }

    /** Returns the settings of a topic. */
    public static DescribeConfigsResult settings(ConfigResource topic, List<ConfigEntry> settings) {
        return new DescribeConfigsResult(Map.of(topic, KafkaFuture.completedFuture(new Config(settings))));
    }

    /** Returns a setting, and where it was set. */
    public static ConfigEntry setting(String name, String value, ConfigSource source) {
        return new ConfigEntry(name, value, source, false, false, List.of(), ConfigEntry.ConfigType.STRING, "");
    }

    /** Returns the result of creating a topic. */
    public static CreateTopicsResult created(String topic, KafkaFuture<TopicMetadataAndConfig> result) {
        return new CreateTopicsResult(Map.of(topic, result));
    }

    /** Returns the result of changing the settings of a topic. */
    public static AlterConfigsResult altered(ConfigResource topic, KafkaFuture<Void> result) {
        return new AlterConfigsResult(Map.of(topic, result));
    }
}
