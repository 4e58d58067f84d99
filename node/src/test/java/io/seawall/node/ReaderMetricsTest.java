package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.walkafka.admin.ReaderStats;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReaderMetricsTest {
    @Test
    void whatOnlyGrowsIsACounter() {
        try (var metrics = new NodeMetrics(List::of)) {
            ReaderMetrics.bind(metrics, () -> new ReaderStats(1, 2, 3, 4, 5), () -> 6);

            assertThat(metrics.scrape())
                    .contains("# TYPE seawall_readers_open gauge", "seawall_readers_open 1.0")
                    .contains("# TYPE seawall_readers_shared_tails gauge", "seawall_readers_shared_tails 2.0")
                    .contains("# TYPE seawall_read_foreign_records_total counter")
                    .contains("seawall_read_foreign_records_total 3.0")
                    .contains("# TYPE seawall_read_void_records_total counter", "seawall_read_void_records_total 4.0")
                    .contains("# TYPE seawall_read_forged_records_total counter")
                    .contains("seawall_read_forged_records_total 5.0")
                    .contains("# TYPE seawall_flush_offset_failures_total counter")
                    .contains("seawall_flush_offset_failures_total 6.0");
        }
    }
}
