package io.seawall.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.benchmarks.append.AppendBenchmark;
import io.seawall.benchmarks.flush.FlushBenchmark;
import io.seawall.benchmarks.measure.BenchKafka;
import io.seawall.benchmarks.measure.Plan;
import io.seawall.benchmarks.measure.ReadPasses;
import io.seawall.benchmarks.measure.SameSettings;
import io.seawall.benchmarks.open.OpenBenchmark;
import io.seawall.benchmarks.read.ReadBenchmark;
import io.seawall.benchmarks.takeover.TakeoverBenchmark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Very short runs of each benchmark on a real broker: they check that the benchmark completes, not the figures. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class BenchmarksIT {
    private static final Plan TINY = new Plan(2, Duration.ofMillis(200), Duration.ofMillis(100), 500, 5_000, 2);

    private static BenchKafka kafka;

    private final List<String> progress = new ArrayList<>();

    @BeforeAll
    static void startBroker() {
        kafka = BenchKafka.start(1);
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void bareClientsHaveOurSettingsButNoTransactions() {
        var settings = SameSettings.of(kafka);

        assertThat(settings.producer())
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
                .containsEntry(ProducerConfig.LINGER_MS_CONFIG, 0)
                .containsKey(ProducerConfig.BATCH_SIZE_CONFIG)
                .containsKey(ProducerConfig.BUFFER_MEMORY_CONFIG)
                .doesNotContainKeys(ProducerConfig.TRANSACTIONAL_ID_CONFIG, ProducerConfig.INTERCEPTOR_CLASSES_CONFIG);
        assertThat(settings.consumer())
                .containsEntry("isolation.level", "read_uncommitted")
                .containsEntry("fetch.max.wait.ms", (int) ReadPasses.Pass.WAIT.toMillis())
                .containsKey("max.poll.records")
                .doesNotContainKeys("interceptor.classes", "group.id");
    }

    @Test
    void appendsInEveryRoundOnBothSides() {
        var report = new AppendBenchmark(kafka, TINY, progress::add).run();

        assertThat(report.rounds()).isEqualTo(2);
        assertThat(report.throughput()).hasSize(2).allSatisfy(pair -> {
            assertThat(pair.bare().records()).isPositive();
            assertThat(pair.seawall().records()).isPositive();
            assertThat(pair.seawall().clientMicrosPerRecord()).isNotNegative().isFinite();
        });
        assertThat(report.latency()).hasSize(2).allSatisfy(pair -> {
            assertThat(pair.bare().samples()).isEqualTo(100);
            assertThat(pair.seawall().samples()).isEqualTo(100);
        });
        assertThat(List.of(report.throughputRatio(), report.p50Ratio(), report.p99Ratio()))
                .allSatisfy(ratio -> assertThat(ratio).isPositive().isFinite());
        assertThat(progress).filteredOn(line -> line.contains("ratio")).hasSize(2);
    }

    @Test
    void readsWholeLogsOnBothSides() {
        var report = new ReadBenchmark(kafka, TINY, progress::add).run();

        assertThat(report.throughput()).hasSize(2).allSatisfy(pair -> {
            assertThat(pair.bare().records() % TINY.preparedRecords()).isZero();
            assertThat(pair.seawall().records() % TINY.preparedRecords()).isZero();
        });
        assertThat(report.delivery()).hasSize(2).allSatisfy(pair -> {
            assertThat(pair.bare().samples()).isEqualTo(100);
            assertThat(pair.seawall().samples()).isEqualTo(100);
        });
        assertThat(List.of(report.throughputRatio(), report.p50Ratio(), report.p99Ratio()))
                .allSatisfy(ratio -> assertThat(ratio).isPositive().isFinite());
    }

    @Test
    void takesOverFromOwnersThatWereAbandoned() {
        var report = new TakeoverBenchmark(kafka, TINY, progress::add).run();

        assertThat(report.cases()).hasSize(3).allSatisfy(found -> {
            assertThat(found.fenceToAppend().samples()).isPositive();
            assertThat(found.fenceToAppend().p50Ms())
                    .isLessThanOrEqualTo(found.openToAppend().p50Ms());
        });
        assertThat(report.rounds()).isEqualTo(TINY.takeovers());
        assertThat(report.p50Ms())
                .isEqualTo(report.cases().get(0).fenceToAppend().p50Ms());
    }

    @Test
    void opensManyLogsAndMeasuresTheProcess() {
        var report = new OpenBenchmark(kafka, 8, Duration.ofMillis(100), progress::add).run();

        assertThat(report.openedSeconds()).isPositive();
        assertThat(report.opened().threads()).isGreaterThan(report.before().threads());
        assertThat(report.brokers()).hasSize(1);
    }

    @Test
    void readsBackFlushedAndTrimmedRecords() {
        var report = new FlushBenchmark(kafka, 60_000, progress::add).run();

        assertThat(report.trimmedShare()).isBetween(0.9, 0.999);
        assertThat(List.of(report.appendMbPerSecond(), report.coldReadMbPerSecond(), report.seamPauseMs()))
                .allSatisfy(figure -> assertThat(figure).isPositive().isFinite());
        assertThat(report.flushMbPerSecond()).isLessThanOrEqualTo(report.appendMbPerSecond());
        assertThat(report.mostHeapMib()).isPositive();
    }
}
