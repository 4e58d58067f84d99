package io.seawall.it.kit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a partition as a plain Kafka consumer, without any code of the product. */
public final class RawPartition {
    private RawPartition() {}

    /**
     * A record.
     *
     * @param offset its offset
     * @param wal the text of its {@code wal} header; empty if it has none
     * @param value its value
     */
    @SuppressWarnings("ArrayRecordComponent") // read once by a test and never changed
    public record Raw(long offset, String wal, byte[] value) {
        boolean isControl() {
            return wal.indexOf(' ') >= 0;
        }
    }

    public static List<Raw> read(String bootstrapServers, String prefix, PChannel pchannel, String isolation) {
        var partition = new TopicPartition(prefix + pchannel.topic(), pchannel.partition());
        var settings = Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            var all = new ArrayList<Raw>();
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    var header = record.headers().lastHeader("wal");
                    var text = header == null ? "" : new String(header.value(), US_ASCII);
                    all.add(new Raw(record.offset(), text, record.value()));
                }
            }
            return all;
        }
    }
}
