package io.seawall.it.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.seawall.it.kit.History;
import io.seawall.it.kit.RawPartition.Raw;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** A consumer that knows nothing of Seawall and follows a partition from its start while it is written. */
final class PlainConsumer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Raw> seen = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> end;
    private volatile boolean closed;

    PlainConsumer(FaultyKafka kafka, PChannel pchannel, String isolation) {
        var settings = Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                isolation);
        var thread = Executors.newSingleThreadExecutor();
        end = CompletableFuture.runAsync(() -> follow(settings, kafka, pchannel), thread);
        thread.shutdown();
    }

    private void follow(Map<String, Object> settings, FaultyKafka kafka, PChannel pchannel) {
        var partition = List.of(kafka.partition(pchannel));
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            while (!closed) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    var header = record.headers().lastHeader("wal");
                    var text = header == null ? "" : new String(header.value(), US_ASCII);
                    seen.add(new Raw(record.offset(), text, record.value()));
                }
            }
        }
    }

    /** Returns the data records seen so far. */
    List<History.Entry> data() {
        return Verdict.data(seen);
    }

    /** Waits until a value has been seen. */
    void await(String value) {
        Awaitility.await(value + " is seen")
                .atMost(PATIENCE)
                .until(() -> data().stream().anyMatch(entry -> entry.value().equals(value)));
    }

    /** Stops the consumer; throws its error if it failed. */
    @Override
    public void close() {
        closed = true;
        end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
}
