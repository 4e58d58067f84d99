package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.node.config.NodeConfig;
import io.seawall.wal.RequestException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlushSetupTest {
    private static final long MIB = 1 << 20;

    @Test
    void theDefaults() {
        var settings = FlushSetup.settings(config(Map.of()));

        assertThat(settings.sealing().codec()).isEqualTo(SegmentCodec.ZSTANDARD);
        assertThat(settings.memory().budgetBytes()).isEqualTo(64 * MIB);
        assertThat(settings.memory().readerBytes()).isEqualTo(4 * MIB + MIB / 2);
        assertThat(settings.spooling().maxBytes()).isEqualTo(4096 * MIB);
        assertThat(settings.retention().bytes()).isEqualTo(1024 * MIB);
        assertThat(settings.retention().age()).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void aReaderCountsWhatItIsToldToFetch() {
        var settings = FlushSetup.settings(config(Map.of("kafka.consumer.max.partition.fetch.bytes", "8388608")));

        assertThat(settings.memory().readerBytes()).isEqualTo(16 * MIB + MIB / 2);
    }

    @Test
    void recordsThatTheBudgetCannotHoldAreRefusedByTheNameOfTheKey() {
        var config = config(Map.of("wal.record.max.bytes", "30MiB"));

        assertThatThrownBy(() -> FlushSetup.settings(config))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("flush.memory.bytes");
    }

    @Test
    void noLimitIsMinusOne() {
        var settings = FlushSetup.settings(config(Map.of("trim.retain.bytes", "-1", "trim.retain.ms", "-1")));

        assertThat(settings.retention().bytes()).isNegative();
        assertThat(settings.retention().age()).isNegative();
    }

    private static NodeConfig config(Map<String, String> values) {
        var all = new HashMap<>(Map.of("node.id", "n1", "kafka.bootstrap.servers", "localhost:9092"));
        all.putAll(values);
        return new NodeConfig(all);
    }
}
