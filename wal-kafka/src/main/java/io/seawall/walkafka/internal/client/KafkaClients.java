package io.seawall.walkafka.internal.client;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.KafkaTopics;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Creates the ports on Kafka's clients, and keeps the admin client that they share. Closed after every log that uses them.
 * Thread-safe.
 */
public final class KafkaClients implements AutoCloseable {
    /**
     * How long a broker may hold a fetch during an opening. A consumer always has a fetch in progress, and Kafka answers the requests
     * of a connection in order. So each step back in the log waits for the fetch before it.
     */
    private static final Duration OPENING_FETCH = Duration.ofMillis(3);

    private final KafkaConnection connection;
    private final WalSettings settings;
    private final String client;
    private final Ports.Platform platform;
    private final Admin admin;
    private final KafkaTopicAdmin topics;
    private final SpareConsumers spares;
    private final AtomicLong openingConsumers = new AtomicLong();
    private final Ports ports;

    /**
     * Creates the clients. Kafka may be unreachable.
     *
     * @param connection how to reach Kafka
     * @param settings how logs are written
     * @param node the identity of this process; its name is part of the client ids
     * @param platform the clock, the random source and the pools
     * @throws io.seawall.wal.WalException with code INVALID if Kafka's clients refuse a setting, UNAVAILABLE if no host of
     *     {@code bootstrap.servers} has an address
     */
    public KafkaClients(KafkaConnection connection, WalSettings settings, NodeIdentity node, Ports.Platform platform) {
        this.connection = connection;
        this.settings = settings;
        this.platform = platform;
        this.client = connection.prefix() + node.node();
        var check = new ClientCheck(connection);
        check.tryProducerAndConsumer(settings, client);
        this.admin = check.admin(client);
        this.topics = new KafkaTopicAdmin(admin, connection, settings, platform.time());
        this.spares = new SpareConsumers(this::openingConsumer, platform.time(), platform.io());
        this.ports = new Ports(
                this::producer,
                (pchannel, isolation) -> translated(pchannel, () -> openingCursor(pchannel, isolation)),
                (pchannel, isolation) -> translated(pchannel, () -> readerCursor(pchannel, isolation)),
                topics,
                topics,
                new KafkaFlushOffsets(admin, connection),
                platform);
    }

    public Ports ports() {
        return ports;
    }

    public KafkaTopics topics() {
        return topics;
    }

    public LogStarts starts() {
        return new LogStarts(admin, connection);
    }

    private LaneProducer producer(PChannel pchannel, Lane lane) {
        try {
            return new KafkaLaneProducer(
                    ClientSettings.producer(connection, settings, client, pchannel, lane),
                    connection.topicName(pchannel.topic()),
                    pchannel,
                    settings.timeouts().open(),
                    settings.timeouts().delivery(),
                    platform.time(),
                    platform.io());
        } catch (RuntimeException error) {
            throw KafkaErrors.laneFault(error);
        }
    }

    private KafkaLogCursor openingCursor(PChannel pchannel, Isolation isolation) {
        var partition = partition(pchannel);
        return new KafkaLogCursor(spares.take(partition, isolation), partition, pchannel, platform.io());
    }

    private Consumer<byte[], byte[]> openingConsumer(Isolation isolation) {
        return consumer(client + "-opening-" + openingConsumers.incrementAndGet(), isolation, OPENING_FETCH);
    }

    private Consumer<byte[], byte[]> consumer(String name, Isolation isolation, Duration longestFetch) {
        return new KafkaConsumer<>(
                ClientSettings.consumer(connection, name, isolation, longestFetch),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private TopicPartition partition(PChannel pchannel) {
        return new TopicPartition(connection.topicName(pchannel.topic()), pchannel.partition());
    }

    private KafkaLogCursor fetchingCursor(PChannel pchannel, Isolation isolation, Duration longestFetch) {
        var consumer = consumer(client + "-" + pchannel + "-read", isolation, longestFetch);
        return new KafkaLogCursor(new OwnConsumer(consumer), partition(pchannel), pchannel, Runnable::run);
    }

    /** A consumer that serves one cursor. */
    private record OwnConsumer(Consumer<byte[], byte[]> consumer) implements KafkaLogCursor.Source {
        @Override
        public void release(boolean works) {
            SpareConsumers.close(consumer);
        }
    }

    private KafkaReaderCursor readerCursor(PChannel pchannel, Isolation isolation) {
        return new KafkaReaderCursor(
                longestFetch -> fetchingCursor(pchannel, isolation, longestFetch),
                admin,
                connection.topicName(pchannel.topic()),
                pchannel,
                isolation);
    }

    private static LogCursor translated(PChannel pchannel, Supplier<LogCursor> open) {
        try {
            return open.get();
        } catch (RuntimeException error) {
            throw KafkaErrors.walException("read " + pchannel, pchannel, error);
        }
    }

    @Override
    public void close() {
        spares.close();
        admin.close(Duration.ofSeconds(1));
    }
}
