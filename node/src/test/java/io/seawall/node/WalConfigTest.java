package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.lifetime.LifetimeSettings;
import io.seawall.node.config.NodeConfig;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.RequestException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalConfigTest {
    private static NodeConfig config(Map<String, String> values) {
        var all = new HashMap<>(Map.of("node.id", "n1", "kafka.bootstrap.servers", "localhost:9092"));
        all.putAll(values);
        return new NodeConfig(all);
    }

    @Test
    void theDefaultsGoTogether() {
        assertThat(WalConfig.settings(config(Map.of())).limits().windowBytes()).isEqualTo(4 << 20);
    }

    @ParameterizedTest
    @CsvSource({
        "wal.record.max.bytes,8MiB,wal.window.bytes",
        "wal.queue.bytes,1MiB,wal.window.bytes",
        "wal.uncommitted.bytes,1MiB,wal.roll.bytes",
    })
    void valuesThatDoNotGoTogetherAreAMistakeOfTheConfigurationAndNoBug(String key, String value, String other) {
        var config = config(Map.of(key, value));

        assertThatThrownBy(() -> WalConfig.settings(config))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        wrong -> assertThat(wrong.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining(key)
                .hasMessageContaining(other);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 30_000, 600_000})
    void theLifetimeGivesNoOpeningUpBeforeWalKafkaDoes(long openTimeoutMs) {
        var config = config(Map.of("wal.open.timeout.ms", Long.toString(openTimeoutMs)));

        assertThat(WalConfig.lifetimes(config).openTimeout())
                .isGreaterThan(WalConfig.settings(config).timeouts().longestOpening())
                .isGreaterThanOrEqualTo(LifetimeSettings.DEFAULTS.openTimeout());
    }
}
