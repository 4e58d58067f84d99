package io.seawall.walkafka.internal.client;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.settings.KafkaConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;

/** Asks brokers for the sizes of partitions. Thread-safe; does not block. */
final class LogSizes {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private final Admin admin;
    private final KafkaConnection connection;

    LogSizes(Admin admin, KafkaConnection connection) {
        this.admin = admin;
        this.connection = connection;
    }

    /** Returns the bytes of each log's leading replica, without logs whose broker does not answer. Never fails. */
    CompletableFuture<Map<PChannel, Long>> of(Collection<PChannel> pchannels) {
        var wanted = new HashMap<TopicPartition, PChannel>();
        pchannels.forEach(pchannel -> wanted.put(partition(pchannel), pchannel));
        if (wanted.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        return leaders(wanted.keySet()).thenCompose(leaders -> sizes(wanted, leaders));
    }

    private TopicPartition partition(PChannel pchannel) {
        return new TopicPartition(connection.topicName(pchannel.topic()), pchannel.partition());
    }

    private CompletableFuture<Map<TopicPartition, Integer>> leaders(Set<TopicPartition> wanted) {
        var names = new HashSet<String>();
        wanted.forEach(partition -> names.add(partition.topic()));
        var options = new DescribeTopicsOptions().timeoutMs((int) LONGEST_ANSWER.toMillis());
        var topics = admin.describeTopics(TopicCollection.ofTopicNames(names), options)
                .topicNameValues();
        var leaders = new HashMap<TopicPartition, Integer>();
        return all(topics, (name, topic) -> addLeaders(leaders, topic)).thenApply(asked -> leaders);
    }

    private static void addLeaders(Map<TopicPartition, Integer> leaders, TopicDescription topic) {
        for (var partition : topic.partitions()) {
            var leader = partition.leader();
            if (leader != null && !leader.isEmpty()) {
                leaders.put(new TopicPartition(topic.name(), partition.partition()), leader.id());
            }
        }
    }

    private CompletableFuture<Map<PChannel, Long>> sizes(
            Map<TopicPartition, PChannel> wanted, Map<TopicPartition, Integer> leaders) {
        var brokers = new HashSet<Integer>();
        wanted.keySet().stream().filter(leaders::containsKey).forEach(each -> brokers.add(leaders.get(each)));
        var options = new DescribeLogDirsOptions().timeoutMs((int) LONGEST_ANSWER.toMillis());
        var sizes = new HashMap<PChannel, Long>();
        return all(
                        admin.describeLogDirs(brokers, options).descriptions(),
                        (broker, dirs) -> dirs.values()
                                .forEach(dir ->
                                        add(sizes, dir, wanted, partition -> broker.equals(leaders.get(partition)))))
                .thenApply(asked -> sizes);
    }

    private static void add(
            Map<PChannel, Long> sizes,
            LogDirDescription dir,
            Map<TopicPartition, PChannel> wanted,
            Predicate<TopicPartition> isLeading) {
        dir.replicaInfos().forEach((partition, replica) -> {
            var pchannel = wanted.get(partition);
            // A future replica is a copy that the broker is moving to another folder.
            if (pchannel != null && !replica.isFuture() && isLeading.test(partition)) {
                sizes.put(pchannel, replica.size());
            }
        });
    }

    /** Passes each result to {@code each}, one at a time, and ignores requests that fail. */
    private static <K, V> CompletableFuture<Void> all(Map<K, KafkaFuture<V>> answers, BiConsumer<K, V> each) {
        var done = CompletableFuture.<Void>completedFuture(null);
        for (var answer : answers.entrySet()) {
            var future = KafkaTopicAdmin.future(answer.getValue());
            done = done.thenCombine(future.handle((value, error) -> value), (nothing, value) -> {
                if (value != null) {
                    each.accept(answer.getKey(), value);
                }
                return null;
            });
        }
        return done;
    }
}
