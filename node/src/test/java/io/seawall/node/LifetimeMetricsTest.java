package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.lifetime.LifetimeSettings;
import io.seawall.lifetime.WalManager;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LifetimeMetricsTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final RecordingOpener opener = new RecordingOpener();
    private final WalManager lifetimes =
            new WalManager(opener, new NoFlusher(), LifetimeSettings.DEFAULTS, InstantSource.system());
    private final NodeMetrics metrics = new NodeMetrics(List::of);

    @BeforeEach
    void bind() {
        LifetimeMetrics.bind(metrics.registry(), lifetimes);
    }

    @AfterEach
    void close() {
        metrics.close();
        lifetimes.close();
    }

    @Test
    void showsEveryStepAndCodeFromTheStart() {
        assertThat(metrics.scrape())
                .contains("seawall_lifetime_moves_total{to=\"available\"} 0.0")
                .contains("seawall_lifetime_step_seconds_count{step=\"opening\"} 0")
                .contains("seawall_lifetime_step_seconds_sum{step=\"opening\"} 0.0")
                .contains("seawall_lifetime_refusals_total{code=\"superseded\"} 0.0");
    }

    @Test
    void showsWhatTheLifetimeCounted() {
        lifetimes.open(ORDERS, 1).join();
        assertThat(lifetimes.open(ORDERS, 0)).failsWithin(BOUND);
        opener.failWith(ErrorCode.UNAVAILABLE);
        assertThat(lifetimes.open(ORDERS, 2)).failsWithin(BOUND);

        assertThat(metrics.scrape())
                .contains("seawall_lifetime_moves_total{to=\"available\"} 1.0")
                .contains("seawall_lifetime_step_seconds_count{step=\"opening\"} 2")
                .contains("seawall_lifetime_step_seconds_count{step=\"available\"} 1")
                .contains("seawall_lifetime_refusals_total{code=\"ignored\"} 1.0")
                .contains("seawall_lifetime_refusals_total{code=\"unavailable\"} 1.0");
    }
}
