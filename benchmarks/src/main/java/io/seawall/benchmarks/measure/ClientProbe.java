package io.seawall.benchmarks.measure;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.NullUnmarked;

/**
 * Calls a listener when a Kafka client is created, with the client's settings. Public because Kafka instantiates it.
 */
@NullUnmarked // Kafka's interfaces have no nullness annotations
public final class ClientProbe implements ProducerInterceptor<byte[], byte[]>, ConsumerInterceptor<byte[], byte[]> {
    /** The key of the listener in the settings. */
    static final String LISTENER = "bench.listener";

    /** Called by Kafka's client through reflection. */
    public ClientProbe() {}

    /** Returns settings for a Kafka client that make it call the listener with all its settings. */
    public static Map<String, Object> withListener(Consumer<Map<String, Object>> listener) {
        return Map.of(
                ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, List.of(ClientProbe.class.getName()), LISTENER, listener);
    }

    @Override
    @SuppressWarnings("unchecked") // withListener put it there
    public void configure(Map<String, ?> settings) {
        ((Consumer<Map<String, ?>>) settings.get(LISTENER)).accept(settings);
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception error) {
        // Only the settings matter.
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        // Only the settings matter.
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
