package io.seawall.coordinator.kafka;

import io.seawall.coordinator.member.MetaTopic;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.placement.Changes;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The meta topic in Kafka (docs/coordinator.md#the-meta-topic-in-kafka). Thread-safe. */
final class KafkaMetaTopic implements MetaTopic {
    private final ClusterConnection connection;
    private final String client;
    private final MetaTopicAdmin admin;
    private final MetaReader.Clocks clocks;
    private final CoordinatorProducer coordinator;
    private final Announcements announcements;
    private @Nullable MetaReader reading; // guarded by this

    /**
     * Creates the topic's clients, which connect at their first use.
     *
     * @param client the first part of the clients' names
     * @param admin creates and describes topics; the caller closes it
     * @param clocks the time
     */
    KafkaMetaTopic(ClusterConnection connection, String client, Admin admin, MetaReader.Clocks clocks) {
        this.connection = connection;
        this.client = client;
        this.admin = new MetaTopicAdmin(admin, connection.metaTopic());
        this.clocks = clocks;
        this.coordinator = new CoordinatorProducer(
                connection.metaTopic(),
                () -> new KafkaProducer<>(
                        ClientSettings.coordinator(connection, client + "-coordinator"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer()));
        this.announcements = new Announcements(
                connection.metaTopic(),
                () -> new KafkaProducer<>(
                        ClientSettings.announcements(connection, client + "-announcements"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer()));
    }

    @Override
    public synchronized void follow(Reader reader) {
        var made = new MetaReader(
                connection.metaTopic(),
                admin,
                () -> new KafkaConsumer<>(
                        ClientSettings.reader(connection, client + "-meta"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer()),
                reader,
                clocks);
        reading = made;
        made.start();
    }

    @Override
    public CompletableFuture<Void> takeId(String nonce) {
        return coordinator.takeId(nonce);
    }

    @Override
    public CompletableFuture<Void> write(String nonce, Changes changes) {
        return coordinator.write(nonce, changes);
    }

    @Override
    public CompletableFuture<Void> announce(MetaRecord record) {
        return announcements.write(record);
    }

    @Override
    public void close() {
        MetaReader ending;
        synchronized (this) {
            ending = reading;
        }
        if (ending != null) {
            ending.close();
        }
        coordinator.close();
        announcements.close();
    }
}
