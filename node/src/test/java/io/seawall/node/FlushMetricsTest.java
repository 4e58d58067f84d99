package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.Flusher;
import io.seawall.flusher.FlusherSettings;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.flusher.store.SegmentStore.PutResult;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlushMetricsTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);

    @TempDir
    Path folder;

    private final FlushMetrics counts = new FlushMetrics();
    private final NodeMetrics metrics = new NodeMetrics(List::of);
    private Flusher flusher;

    @BeforeEach
    void bind() {
        flusher = new Flusher(
                LocalSegmentStore.open(folder.resolve("segments"), new Random(1)),
                new FakeReaders(),
                FlusherSettings.defaults(folder.resolve("spool")),
                counts,
                InstantSource.system(),
                System::nanoTime);
        counts.put(ORDERS, PutResult.PUBLISHED, segment(false), Duration.ofSeconds(1));
        counts.bind(metrics, flusher);
    }

    @AfterEach
    void close() {
        flusher.close();
        metrics.close();
    }

    @Test
    void countsWhatIsPutAndWhatFails() {
        counts.put(ORDERS, PutResult.PUBLISHED, segment(false), Duration.ofSeconds(1));
        counts.put(ORDERS, PutResult.PUBLISHED, segment(true), Duration.ofSeconds(1));
        counts.put(ORDERS, PutResult.EXISTS, segment(false), Duration.ofSeconds(1));
        counts.failed(ORDERS, ErrorCode.UNAVAILABLE);
        counts.trimmed(ORDERS, true);
        counts.trimmed(ORDERS, false);

        assertThat(metrics.scrape())
                .contains("seawall_flush_segments_total{pchannel=\"orders-0\",result=\"published\"} 2.0")
                .contains("seawall_flush_segments_total{pchannel=\"orders-0\",result=\"exists\"} 1.0")
                .contains("seawall_flush_records_total{pchannel=\"orders-0\"} 10.0")
                .contains("seawall_flush_bytes_total{pchannel=\"orders-0\"} 600.0")
                .contains("seawall_flush_gap_lsns_total{pchannel=\"orders-0\"} 10.0")
                .contains("seawall_flush_publish_seconds_count{result=\"published\"} 2")
                .contains("seawall_flush_failures_total{pchannel=\"orders-0\",result=\"unavailable\"} 1.0")
                .contains("seawall_trims_total{pchannel=\"orders-0\",result=\"ok\"} 1.0")
                .contains("seawall_trims_total{pchannel=\"orders-0\",result=\"failed\"} 1.0");
    }

    @Test
    void showsEveryRegisteredLogAndTheBudgets() {
        var wal = new StubWal(ORDERS, 1);
        flusher.register(wal);
        flusher.pause(ORDERS);

        // Before the pause, the flusher's thread may have tried to read the log, and counted a failure.
        Awaitility.await().untilAsserted(this::showsAPausedLog);
        flusher.unregister(wal);

        assertThat(metrics.scrape()).doesNotContain("seawall_flush_lag_records{");
    }

    private void showsAPausedLog() {
        assertThat(metrics.scrape())
                .contains("seawall_flush_lag_records{pchannel=\"orders-0\"} ")
                .contains("seawall_flush_lag_seconds{pchannel=\"orders-0\"} ")
                .contains("seawall_flush_state{pchannel=\"orders-0\",state=\"stopped\"} 0.0")
                .contains("seawall_flush_waits{for=\"spool\",pchannel=\"orders-0\"} 0.0")
                .contains("seawall_flush_paused{pchannel=\"orders-0\"} 1.0")
                .contains("seawall_flush_memory_budget_bytes 6.7108864E7")
                .contains("seawall_flush_memory_bytes ")
                .contains("seawall_flush_readers 0.0")
                .contains("seawall_spool_bytes 0.0")
                .contains("seawall_spool_budget_bytes 4.294967296E9");
    }

    private static SegmentInfo segment(boolean isGap) {
        return new SegmentInfo(
                new SegmentKey(ORDERS, 0),
                "log",
                isGap,
                9,
                100,
                new SegmentInfo.Range(1, 1),
                new SegmentInfo.Range(1, 1),
                100,
                new SegmentInfo.Blocks(200, 0));
    }
}
