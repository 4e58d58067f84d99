package io.seawall.coordinator.kafka;

import io.seawall.coordinator.member.ClusterMember;
import io.seawall.coordinator.member.MemberPorts;
import io.seawall.coordinator.member.MemberSettings;
import io.seawall.coordinator.placement.Situation.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes members of a cluster on Kafka: gives them their threads, their clock and their ports. */
public final class KafkaClusterMember {
    private static final long TICK_MS = 100;
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private KafkaClusterMember() {}

    /**
     * Joins a cluster. Does not wait for Kafka: the member connects in the background, and tries again for as long as it is open.
     *
     * @param connection how to reach Kafka
     * @param settings the member's settings
     * @return the member, started. Its {@code close} leaves the group, and ends all threads within about 15 s
     * @throws io.seawall.wal.WalException with {@link io.seawall.wal.ErrorCode#INVALID} for settings that Kafka's clients refuse
     */
    @SuppressWarnings("FutureReturnValueIgnored") // The ticks end with the executor.
    public static ClusterMember join(ClusterConnection connection, MemberSettings settings) {
        var node = settings.self().node();
        var client = connection.prefix() + node + "-cluster";
        var session = settings.placement().absence().session();
        var admin = tryClients(connection, client, node, session);
        var executor = Executors.newSingleThreadScheduledExecutor(task -> {
            var made = new Thread(task, "seawall-cluster");
            made.setDaemon(true);
            return made;
        });
        var ports = new MemberPorts(
                new KafkaMetaTopic(connection, client, admin, clocks()),
                new KafkaGroup(connection, node, client, session, admin, KafkaClusterMember::elapsedMs),
                executor,
                () -> new Moment(elapsedMs(), Instant.now()),
                () -> UUID.randomUUID().toString(),
                () -> stop(executor, admin));
        var member = new ClusterMember(settings, ports);
        executor.scheduleAtFixedRate(member::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
        member.start();
        return member;
    }

    /** Makes a client of each kind, so that wrong settings fail here and not again and again in the background. */
    private static Admin tryClients(ClusterConnection connection, String client, String node, Duration session) {
        try {
            new KafkaConsumer<>(
                            ClientSettings.reader(connection, client + "-check"),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer())
                    .close(CloseOptions.timeout(Duration.ZERO));
            new KafkaConsumer<>(
                            ClientSettings.member(connection, client + "-check", node, session),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer())
                    .close(CloseOptions.timeout(Duration.ZERO));
            new KafkaProducer<>(
                            ClientSettings.coordinator(connection, client + "-check"),
                            new ByteArraySerializer(),
                            new ByteArraySerializer())
                    .close(Duration.ZERO);
            return Admin.create(ClientSettings.admin(connection, client + "-admin"));
        } catch (KafkaException | IllegalArgumentException refused) {
            throw KafkaErrors.translated("join the cluster as " + node, refused);
        }
    }

    private static void stop(ScheduledExecutorService executor, Admin admin) {
        Threads.close(executor, CLOSE);
        admin.close(CLOSE);
    }

    private static MetaReader.Clocks clocks() {
        return new MetaReader.Clocks(
                KafkaClusterMember::elapsedMs, () -> Instant.now().toEpochMilli());
    }

    private static long elapsedMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
