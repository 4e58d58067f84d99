package io.seawall.it;

import io.seawall.kafkalocal.LocalKafka;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The Kafka that a test class runs on, chosen by {@code -Dkafka}: {@code process} (forked brokers, the default),
 * {@code testcontainers}, or the bootstrap servers of a cluster that is there.
 */
final class TestKafka implements AutoCloseable {
    private static final String PROCESS = "process";
    private static final String IMAGE = "apache/kafka:4.4.0";

    private final String bootstrapServers;
    private final Runnable stop;

    private TestKafka(String bootstrapServers, Runnable stop) {
        this.bootstrapServers = bootstrapServers;
        this.stop = stop;
    }

    static TestKafka start() {
        var mode = System.getProperty("kafka", PROCESS);
        if (mode.equals(PROCESS)) {
            var local = LocalKafka.builder().brokers(1).start();
            return new TestKafka(local.bootstrapServers(), local::close);
        }
        if (mode.equals("testcontainers")) {
            var container = new KafkaContainer(IMAGE);
            container.start();
            return new TestKafka(container.getBootstrapServers(), container::stop);
        }
        return new TestKafka(mode, () -> {});
    }

    /** Brokers that can be killed; a test that needs them is reported as skipped where they cannot. */
    static LocalKafka startKillable() {
        var mode = System.getProperty("kafka", PROCESS);
        Assumptions.assumeTrue(mode.equals(PROCESS), "brokers can be killed with -Dkafka=process only, not " + mode);
        return LocalKafka.builder().brokers(1).start();
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() {
        stop.run();
    }
}
