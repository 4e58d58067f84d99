package io.seawall.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.PChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogBytesWatchTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);

    private final NodeMetrics metrics = new NodeMetrics(List::of);

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void showsWhatTheLogsTake() {
        var answer = new CompletableFuture<Map<PChannel, Long>>();
        var watch = new LogBytesWatch(() -> List.of(ORDERS), pchannels -> answer);
        watch.bind(metrics);
        watch.refresh();
        assertThat(metrics.scrape()).doesNotContain("seawall_log_bytes{");

        answer.complete(Map.of(ORDERS, 4_711L));

        assertThat(metrics.scrape()).contains("seawall_log_bytes{pchannel=\"orders-0\"} 4711.0");
    }
}
