package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.lifetime.LifetimeSettings;
import io.seawall.node.config.NodeConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalConfigTest {
    @ParameterizedTest
    @ValueSource(longs = {1_000, 30_000, 600_000})
    void theLifetimeGivesNoOpeningUpBeforeWalKafkaDoes(long openTimeoutMs) {
        var config = NodeConfig.load(
                null,
                Map.of("SEAWALL_NODE_ID", "n1"),
                List.of("kafka.bootstrap.servers=127.0.0.1:9", "wal.open.timeout.ms=" + openTimeoutMs));

        assertThat(WalConfig.lifetimes(config).openTimeout())
                .isGreaterThan(WalConfig.settings(config).timeouts().longestOpening())
                .isGreaterThanOrEqualTo(LifetimeSettings.DEFAULTS.openTimeout());
    }
}
