package io.seawall.walkafka.internal.client;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Creates Kafka clients from the settings to check them. A process with wrong settings then fails when it connects, and not at
 * its first opening, which would be retried for ever.
 */
final class ClientCheck {
    private static final PChannel NONE = new PChannel("none", 0);
    private static final String NO_ADDRESS = "No resolvable bootstrap urls";
    private static final int DEEPEST = 10;

    private final KafkaConnection connection;

    ClientCheck(KafkaConnection connection) {
        this.connection = connection;
    }

    /** Creates a producer and a consumer and closes them at once. */
    void tryProducerAndConsumer(WalSettings settings, String client) {
        made(() -> new KafkaProducer<>(
                        ClientSettings.producer(connection, settings, client + "-check", NONE, Lane.A),
                        new ByteArraySerializer(),
                        new ByteArraySerializer()))
                .close(Duration.ZERO);
        made(() -> new KafkaConsumer<>(
                        ClientSettings.consumer(connection, client + "-check", Isolation.COMMITTED, Duration.ZERO),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer()))
                .close(CloseOptions.timeout(Duration.ZERO));
    }

    /** Creates an admin client, which the caller closes. */
    Admin admin(String client) {
        return made(() -> Admin.create(ClientSettings.admin(connection, client + "-admin")));
    }

    private <T> T made(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (KafkaException | IllegalArgumentException refused) { // ConfigException extends KafkaException
            throw refusal(refused);
        }
    }

    private WalException refusal(RuntimeException refused) {
        var found = explanation(refused);
        if (found.startsWith(NO_ADDRESS)) {
            return problem(ErrorCode.UNAVAILABLE, refused)
                    .found("no address for any host of bootstrap.servers="
                            + connection.adminSettings().get("bootstrap.servers"))
                    .expected("host names that resolve")
                    .fix("correct them (kafka.bootstrap.servers in a node's configuration), or check that the name"
                            + " service answers")
                    .exception();
        }
        return problem(ErrorCode.INVALID, refused)
                .found(found)
                .fix("correct that setting of Kafka's clients; in a node's configuration its name starts with kafka.")
                .exception();
    }

    private static Problem problem(ErrorCode code, RuntimeException cause) {
        return Problem.of(code, "make a Kafka client").cause(cause);
    }

    /**
     * Returns the message of the innermost exception of Kafka, and of its root cause. The outer exceptions state only that the
     * client could not be created.
     */
    private static String explanation(Throwable refused) {
        var telling = refused;
        Throwable root = refused;
        for (var depth = 0; root.getCause() != null && depth < DEEPEST; depth++) {
            root = root.getCause();
            if (root instanceof KafkaException || telling.getMessage() == null) {
                telling = root;
            }
        }
        return telling instanceof ConfigException || telling == root
                ? String.valueOf(telling.getMessage())
                : telling.getMessage() + " (" + FutureErrors.text(root) + ")";
    }
}
