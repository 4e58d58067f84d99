package io.seawall.coordinator.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.AlterConfigsResult;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.CreateTopicsResult.TopicMetadataAndConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.MetaTopicAnswers;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetaTopicAdminTest {
    private static final Uuid ID = new Uuid(1, 1);
    private static final Node BROKER = new Node(1, "localhost", 1);

    private final FakeAdmin admin = new FakeAdmin();
    private final MetaTopicAdmin topic = new MetaTopicAdmin(admin, "meta");

    @AfterEach
    void close() {
        admin.close(Duration.ZERO);
    }

    /** Brokers that know at most one topic. */
    private static final class FakeAdmin extends ForwardingAdmin {
        private final List<NewTopic> created = new ArrayList<>();
        private final Map<String, String> own = new HashMap<>();
        private int brokers = 3;
        private int partitions;
        private int replicas = 1;
        private boolean leader = true;
        private @Nullable RuntimeException createError;

        private FakeAdmin() {
            super(Map.of("bootstrap.servers", "localhost:1"));
        }

        private static <T> KafkaFuture<T> answer(@Nullable T value, @Nullable RuntimeException error) {
            var answer = new KafkaFutureImpl<T>();
            if (error == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(error);
            }
            return answer;
        }

        @Override
        public DescribeClusterResult describeCluster(DescribeClusterOptions options) {
            var nodes = new ArrayList<Node>();
            for (var id = 1; id <= brokers; id++) {
                nodes.add(new Node(id, "localhost", 1));
            }
            return MetaTopicAnswers.cluster(nodes);
        }

        @Override
        public DescribeTopicsResult describeTopics(TopicCollection topics, DescribeTopicsOptions options) {
            if (partitions == 0) {
                return MetaTopicAnswers.topic("meta", answer(null, new UnknownTopicOrPartitionException("meta")));
            }
            var all = new ArrayList<TopicPartitionInfo>();
            for (var each = 0; each < partitions; each++) {
                var at = new ArrayList<Node>();
                for (var replica = 0; replica < replicas; replica++) {
                    at.add(BROKER);
                }
                all.add(new TopicPartitionInfo(each, leader ? BROKER : Node.noNode(), at, at));
            }
            var found = new TopicDescription("meta", false, all, Set.of(), ID);
            return MetaTopicAnswers.topic("meta", answer(found, null));
        }

        @Override
        public DescribeConfigsResult describeConfigs(
                Collection<ConfigResource> resources, DescribeConfigsOptions options) {
            var policy = own.containsKey("cleanup.policy")
                    ? MetaTopicAnswers.setting(
                            "cleanup.policy", own.get("cleanup.policy"), ConfigSource.DYNAMIC_TOPIC_CONFIG)
                    : MetaTopicAnswers.setting("cleanup.policy", "delete", ConfigSource.DEFAULT_CONFIG);
            var settings = new ArrayList<>(
                    List.of(policy, MetaTopicAnswers.setting("retention.ms", "1", ConfigSource.STATIC_BROKER_CONFIG)));
            own.forEach((name, value) ->
                    settings.add(MetaTopicAnswers.setting(name, value, ConfigSource.DYNAMIC_TOPIC_CONFIG)));
            return MetaTopicAnswers.settings(resources.iterator().next(), settings);
        }

        @Override
        public CreateTopicsResult createTopics(Collection<NewTopic> topics, CreateTopicsOptions options) {
            created.addAll(topics);
            return MetaTopicAnswers.created("meta", FakeAdmin.<TopicMetadataAndConfig>answer(null, createError));
        }

        @Override
        public AlterConfigsResult incrementalAlterConfigs(
                Map<ConfigResource, Collection<AlterConfigOp>> configs, AlterConfigsOptions options) {
            var only = configs.entrySet().iterator().next();
            only.getValue()
                    .forEach(change -> own.put(
                            change.configEntry().name(), change.configEntry().value()));
            return MetaTopicAnswers.altered(only.getKey(), FakeAdmin.<Void>answer(null, null));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 2, 1", "3, 3, 2", "5, 3, 2"})
    void aTopicThatIsNotThereIsCreatedAndNotReadyYet(int brokers, short replicas, String inSync) {
        admin.brokers = brokers;

        assertThat(topic.ensure()).isEmpty();

        assertThat(admin.created).singleElement().satisfies(created -> {
            assertThat(created.numPartitions()).isOne();
            assertThat(created.replicationFactor()).isEqualTo(replicas);
            assertThat(created.configs())
                    .containsEntry("cleanup.policy", "compact")
                    .containsEntry("min.insync.replicas", inSync);
        });
    }

    @Test
    void aTopicThatAnotherNodeCreatesAtTheSameTimeIsNoError() {
        admin.createError = new TopicExistsException("meta");

        assertThat(topic.ensure()).isEmpty();
    }

    @Test
    void aTopicThatIsCompactedIsUsedOnceItHasALeader() throws Exception {
        admin.partitions = 1;
        admin.own.put("cleanup.policy", "compact");
        admin.leader = false;
        assertThat(topic.ensure()).isEmpty();

        admin.leader = true;

        assertThat(topic.ensure()).isEqualTo(Optional.of(ID));
        assertThat(topic.id().get(20, TimeUnit.SECONDS)).isEqualTo(ID);
    }

    @ParameterizedTest
    @CsvSource({"delete", "'compact,delete'"})
    void aTopicThatSomebodyMadeSoThatItForgetsIsRefused(String policy) {
        admin.partitions = 1;
        admin.own.put("cleanup.policy", policy);

        assertThatThrownBy(topic::ensure).isInstanceOf(WalException.class).hasMessageContaining(policy);
        assertThat(admin.own).containsEntry("cleanup.policy", policy);
    }

    @Test
    void aTopicWithOtherSettingsOfItsOwnIsLeftAlone() {
        admin.partitions = 1;
        admin.own.put("max.message.bytes", "1000000");

        assertThatThrownBy(topic::ensure).isInstanceOf(WalException.class).hasMessageContaining("cleanup.policy");
        assertThat(admin.own).doesNotContainKey("cleanup.policy");
    }

    @Test
    void aTopicWithMorePartitionsIsRefused() {
        admin.partitions = 2;

        assertThatThrownBy(topic::ensure).isInstanceOf(WalException.class).hasMessageContaining("2 partitions");
    }

    /** Brokers create by themselves what producers ask for, without its settings (librdkafka #4823, schema-registry #698). */
    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2"})
    void aTopicThatABrokerMadeByItselfGetsItsSettings(int replicas, String inSync) {
        admin.partitions = 1;
        admin.replicas = replicas;

        assertThat(topic.ensure()).as("it is looked at again").isEmpty();

        assertThat(admin.own)
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("delete.retention.ms", "604800000")
                .containsEntry("min.insync.replicas", inSync);
        assertThat(topic.ensure()).isEqualTo(Optional.of(ID));
    }
}
