package io.seawall.benchmarks.measure;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The bare side: an idempotent producer with {@code acks=all} and the settings of a lane, but no transactions. */
public final class BareTarget implements AppendTarget {
    private final BenchKafka kafka;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    private BareTarget(BenchKafka kafka, String topic, KafkaProducer<byte[], byte[]> producer) {
        this.kafka = kafka;
        this.topic = topic;
        this.producer = producer;
    }

    /** Returns a source of bare sides whose producers have these settings. Opening a side sends one record, as a warm-up. */
    public static Source source(BenchKafka kafka, Map<String, Object> settings) {
        return topic -> {
            kafka.newTopic(topic, 1);
            var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
            var side = new BareTarget(kafka, topic, producer);
            var first = new CompletableFuture<Void>();
            side.append(new byte[1], error -> {
                if (error == null) {
                    first.complete(null);
                } else {
                    first.completeExceptionally(error);
                }
            });
            first.join();
            return side;
        };
    }

    @Override
    public void append(byte[] value, AppendCallback answer) {
        var unused = producer.send(
                new ProducerRecord<>(kafka.kafkaName(topic), 0, null, value), (metadata, error) -> answer.on(error));
    }

    @Override
    public void close() {
        producer.close();
        kafka.delete(topic);
    }
}
