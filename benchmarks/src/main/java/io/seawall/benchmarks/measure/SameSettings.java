package io.seawall.benchmarks.measure;

import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.walkafka.settings.WalSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The settings that wal-kafka actually gives to its clients. Interceptors capture them in a log that is opened only for this
 * purpose. So the bare side always has the same settings, and the measured log has no interceptor.
 */
public final class SameSettings {
    private final Map<String, Object> producer;
    private final Map<String, Object> consumer;

    private SameSettings(Map<String, Object> producer, Map<String, Object> consumer) {
        this.producer = producer;
        this.consumer = consumer;
    }

    public static SameSettings of(BenchKafka kafka) {
        var seen = Collections.synchronizedList(new ArrayList<Map<String, Object>>());
        var log = kafka.newLog("settings");
        try (var wals = kafka.wals("settings", WalSettings.defaults(), ClientProbe.withListener(seen::add))) {
            wals.opener().open(log, 1).wal().join().close();
            try (var reader = wals.readers().open(log, StartPosition.oldest(), View.LIVE)) {
                reader.poll(1, ReadPasses.Pass.WAIT); // the consumer that may wait is created last
            }
        }
        kafka.delete(log.topic());
        return new SameSettings(
                last(seen, ProducerConfig.TRANSACTIONAL_ID_CONFIG), last(seen, ConsumerConfig.ISOLATION_LEVEL_CONFIG));
    }

    /** Returns the settings of a lane, without those that make it transactional, and with Kafka's own {@code max.block.ms}. */
    public Map<String, Object> producer() {
        return producer;
    }

    /** Returns the settings of a live reader. */
    public Map<String, Object> consumer() {
        return consumer;
    }

    private static Map<String, Object> last(List<Map<String, Object>> seen, String marker) {
        var found = new HashMap<String, Object>();
        synchronized (seen) {
            for (var settings : seen) {
                if (settings.containsKey(marker)) {
                    found.clear();
                    found.putAll(settings);
                }
            }
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("no client of wal-kafka with " + marker + " reported its settings");
        }
        found.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        found.remove(ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT_ENABLE_CONFIG);
        found.remove(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG);
        // A lane asks for metadata before it sends; a bare producer waits in send.
        found.remove(ProducerConfig.MAX_BLOCK_MS_CONFIG);
        found.remove(ClientProbe.LISTENER);
        found.put(CommonClientConfigs.CLIENT_ID_CONFIG, "bare");
        return Map.copyOf(found);
    }
}
