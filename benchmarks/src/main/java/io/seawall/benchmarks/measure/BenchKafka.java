package io.seawall.benchmarks.measure;

import io.seawall.kafkalocal.LocalBroker;
import io.seawall.kafkalocal.LocalKafka;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka that a benchmark runs on: its own brokers or an existing cluster. Topics, also those of the bare side, have the
 * settings that wal-kafka requires, and a prefix that no other run has; all are deleted at the end.
 */
public final class BenchKafka implements AutoCloseable {
    private static final int BROKER_HEAP_MB = 1024;
    private static final int LONGEST_DELETION_S = 60;

    private final @Nullable LocalKafka own;
    private final String bootstrapServers;
    private final int replicas;
    private final String prefix;
    private final String nodePrefix;
    private final KafkaWals admin;
    private final Set<String> topics = ConcurrentHashMap.newKeySet();

    private BenchKafka(@Nullable LocalKafka own, String bootstrapServers, int replicas) {
        this.own = own;
        this.bootstrapServers = bootstrapServers;
        this.replicas = replicas;
        // Not below the default prefix: a node with that prefix would open these logs.
        var run = Long.toString(Instant.now().toEpochMilli(), Character.MAX_RADIX);
        this.prefix = "bench-" + run + "-";
        this.nodePrefix = "bench-node-" + run + "-";
        this.admin = wals("admin", WalSettings.defaults(), Map.of());
    }

    /**
     * Starts one broker per replica on this machine.
     *
     * @param replicas 1 or 3
     */
    public static BenchKafka start(int replicas) {
        var local = LocalKafka.builder()
                .brokers(replicas)
                .heapMb(BROKER_HEAP_MB)
                // The topics of past rounds must not fill the disk or its cache.
                .property("log.segment.delete.delay.ms", "1000")
                .start();
        return new BenchKafka(local, local.bootstrapServers(), replicas);
    }

    /**
     * Uses an existing cluster.
     *
     * @param bootstrapServers its addresses
     * @param replicas how many each topic gets
     */
    public static BenchKafka at(String bootstrapServers, int replicas) {
        return new BenchKafka(null, bootstrapServers, replicas);
    }

    /** Returns the addresses of the brokers. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Returns a prefix for a node that is measured; its topics are deleted at the end, by which the node has to be stopped. */
    public String nodePrefix() {
        return nodePrefix;
    }

    public int replicas() {
        return replicas;
    }

    /** Returns the process ids of the brokers that were started; none for an existing cluster. */
    public LongStream brokerPids() {
        return own == null ? LongStream.empty() : own.brokers().stream().mapToLong(LocalBroker::pid);
    }

    /** Returns the name of a topic in Kafka. */
    public String kafkaName(String topic) {
        return prefix + topic;
    }

    /** Creates the logs on this Kafka, as an embedding process does. */
    public KafkaWals wals(String node, WalSettings settings, Map<String, Object> clients) {
        var plain = KafkaConnection.plain(bootstrapServers, prefix);
        var connection =
                new KafkaConnection(plain.prefix(), plain.strictTopics(), plain.common(), clients, clients, Map.of());
        return KafkaWals.connect(connection, settings, NodeIdentity.withoutUrl(node));
    }

    /** Creates a topic of one log. */
    public PChannel newLog(String topic) {
        newTopic(topic, 1);
        return new PChannel(topic, 0);
    }

    public void newTopic(String topic, int pchannels) {
        topics.add(topic);
        admin.topics().create(TopicSpec.of(topic, pchannels).withReplicationFactor(replicas));
    }

    public void delete(String topic) {
        if (topics.remove(topic)) {
            admin.topics().delete(topic);
        }
    }

    @Override
    public void close() {
        try (own;
                admin) {
            if (own == null) {
                List.copyOf(topics).forEach(this::delete);
                deleteTopicsOfNode();
            }
        }
    }

    private void deleteTopicsOfNode() {
        try (var kafka = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            var names = kafka.listTopics().names().get(LONGEST_DELETION_S, TimeUnit.SECONDS).stream()
                    .filter(name -> name.startsWith(nodePrefix))
                    .toList();
            kafka.deleteTopics(names).all().get(LONGEST_DELETION_S, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failed) {
            throw new IllegalStateException("cannot delete the topics " + nodePrefix + "...", failed);
        }
    }
}
