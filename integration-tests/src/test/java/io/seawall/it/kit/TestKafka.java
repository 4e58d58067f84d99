package io.seawall.it.kit;

import io.seawall.it.kit.KafkaChoice.Kind;
import io.seawall.kafkalocal.LocalKafka;
import io.seawall.kafkalocal.LocalKafkaBuilder;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.NodeIdentity;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The Kafka that a test class runs on, chosen by {@code -Dkafka}: {@code process} (child processes, the default),
 * {@code testcontainers}, or the bootstrap servers of an existing cluster.
 */
public final class TestKafka implements AutoCloseable {
    private static final String IMAGE = "apache/kafka:4.4.0";

    private final String bootstrapServers;
    private final String prefix = "it-" + UUID.randomUUID().toString().substring(0, 8) + "-";
    private final Stop stop;

    /** Releases a Kafka. */
    private interface Stop {
        void run(TestKafka kafka) throws Exception;
    }

    private TestKafka(String bootstrapServers, Stop stop) {
        this.bootstrapServers = bootstrapServers;
        this.stop = stop;
    }

    /** Connects to a Kafka that other test classes use too, with a prefix of its own; closing it deletes its topics. */
    public static TestKafka start() {
        var choice = choice();
        return switch (choice.kind()) {
            case PROCESS -> new TestKafka(SharedBroker.bootstrapServers(), TestKafka::deleteTopics);
            case TESTCONTAINERS -> {
                var container = new KafkaContainer(IMAGE);
                container.start();
                yield new TestKafka(container.getBootstrapServers(), kafka -> container.stop());
            }
            case EXISTING -> new TestKafka(choice.text(), TestKafka::deleteTopics);
        };
    }

    /** Starts a broker that can be killed; skips the test where that is impossible. */
    public static LocalKafka startKillable() {
        return killable().brokers(1).start();
    }

    /** Returns a builder of brokers that can be killed; skips the test where that is impossible. */
    public static LocalKafkaBuilder killable() {
        var choice = choice();
        Assumptions.assumeTrue(
                choice.kind() == Kind.PROCESS, "brokers can be killed with -Dkafka=process only, this is " + choice);
        return LocalKafka.builder();
    }

    private static KafkaChoice choice() {
        return KafkaChoice.of(System.getProperty("kafka"));
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /**
     * Returns the prefix for the nodes under test. It is new each time, because an existing cluster may have topics of an
     * earlier run.
     */
    public String prefix() {
        return prefix;
    }

    /** Returns how a node under test connects to this Kafka. */
    public KafkaConnection connection() {
        return KafkaConnection.plain(bootstrapServers, prefix);
    }

    /** Connects a node of its own to this Kafka; the caller closes it before this object. */
    public KafkaWals connect(String node) {
        return KafkaWals.connect(connection(), NodeIdentity.withoutUrl(node));
    }

    private void deleteTopics() throws ExecutionException, InterruptedException {
        try (var admin =
                Admin.create(Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            var ours = admin.listTopics().names().get().stream()
                    .filter(topic -> topic.startsWith(prefix))
                    .toList();
            admin.deleteTopics(ours).all().get();
        }
    }

    @Override
    public void close() {
        try {
            stop.run(this);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (Exception error) {
            throw new IllegalStateException("cannot leave " + choice(), error);
        }
    }
}
