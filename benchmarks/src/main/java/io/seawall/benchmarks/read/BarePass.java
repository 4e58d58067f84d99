package io.seawall.benchmarks.read;

import io.seawall.benchmarks.measure.Payloads;
import io.seawall.benchmarks.measure.ReadPasses;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The bare side of a read benchmark. In a Seawall log it also receives our control records, and does not count them.
 */
final class BarePass implements ReadPasses.Pass {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;

    private BarePass(Map<String, Object> settings, String kafkaTopic) {
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        partition = new TopicPartition(kafkaTopic, 0);
        consumer.assign(List.of(partition));
    }

    static BarePass fromOldest(Map<String, Object> settings, String kafkaTopic) {
        var pass = new BarePass(settings, kafkaTopic);
        pass.consumer.seekToBeginning(List.of(pass.partition));
        return pass;
    }

    /** Creates a pass that begins at the current end. */
    static BarePass fromTail(Map<String, Object> settings, String kafkaTopic) {
        var pass = new BarePass(settings, kafkaTopic);
        pass.consumer.seekToEnd(List.of(pass.partition));
        pass.consumer.position(pass.partition); // requests the position now; a seek alone would do so at the first poll
        return pass;
    }

    @Override
    public int take() {
        var data = 0;
        for (var record : consumer.poll(WAIT)) {
            if (record.value().length == Payloads.RECORD_BYTES) {
                data++;
            }
        }
        return data;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
