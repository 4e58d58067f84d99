package io.seawall.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.History;
import io.seawall.it.kit.Load;
import io.seawall.it.kit.NodeApi;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.kafkalocal.LocalKafka;
import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Crashes under load: every acknowledged record is in the log, once, in order, in both views, as read through a node that
 * did not write it.
 */
@SuppressWarnings("try") // the load runs by itself
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class CrashIT {
    private static final long SEED = Long.getLong("seed", 20261122L);
    private static final int PER_SECOND = 3_000;
    private static final int NODE_KILLS = 5;
    private static final int BROKER_KILLS = 2;
    private static final List<PChannel> PCHANNELS = IntStream.range(0, 4)
            .mapToObj(number -> new PChannel("crash", number))
            .toList();

    @TempDir
    private Path folder;

    private Spec spec(String id, String bootstrapServers, String prefix, String mode) {
        return Spec.of(id, bootstrapServers, folder.resolve(id), "prefix=" + prefix, "mode=" + mode);
    }

    private Spec on(TestKafka kafka, String id, String mode) {
        return spec(id, kafka.bootstrapServers(), kafka.prefix(), mode);
    }

    private Spec on(LocalKafka kafka, String id, String mode) {
        return spec(id, kafka.bootstrapServers(), "crash-", mode);
    }

    @Test
    void aNodeKilledUnderLoadLosesNothing() {
        var random = new Random(SEED);
        try (var kafka = TestKafka.start();
                var reader = NodeProcess.start(on(kafka, "reader", "manual"))) {
            reader.api().createTopic("crash", PCHANNELS.size());
            var writer = new AtomicReference<>(NodeProcess.start(on(kafka, "writer", "cluster")));
            PCHANNELS.forEach(Objects.requireNonNull(writer.get()).api()::awaitAvailable);
            var history = new History();
            try (var unused = new Load(
                    PCHANNELS,
                    PER_SECOND,
                    () -> Objects.requireNonNull(writer.get()).url(),
                    history)) {
                for (var kill = 0; kill < NODE_KILLS; kill++) {
                    awaitAcknowledged(history, 3_000 + random.nextInt(4_000));
                    writer.get().kill();
                    writer.set(NodeProcess.start(on(kafka, "writer", "cluster")));
                    PCHANNELS.forEach(writer.get().api()::awaitAvailable);
                }
                awaitAcknowledged(history, 5_000);
            }
            report("node", NODE_KILLS, history);
            assertThat(history.unknownCount())
                    .as("appends without an answer because of the crashes")
                    .isPositive();
            judge(history, reader.api());
            writer.get().close();
        }
    }

    @Test
    void aBrokerKilledUnderLoadLosesNothing() {
        try (var kafka = TestKafka.startKillable();
                var reader = NodeProcess.start(on(kafka, "reader", "manual"));
                var writer = NodeProcess.start(on(kafka, "writer", "cluster"))) {
            reader.api().createTopic("crash", PCHANNELS.size());
            PCHANNELS.forEach(writer.api()::awaitAvailable);
            var random = new Random(SEED);
            var history = new History();
            try (var unused = new Load(PCHANNELS, PER_SECOND, writer::url, history)) {
                for (var kill = 0; kill < BROKER_KILLS; kill++) {
                    awaitAcknowledged(history, 3_000 + random.nextInt(4_000));
                    kafka.broker(0).kill();
                    kafka.broker(0).start();
                }
                awaitAcknowledged(history, 5_000);
            }
            report("broker", BROKER_KILLS, history);
            PCHANNELS.forEach(writer.api()::awaitAvailable);
            judge(history, reader.api());
        }
    }

    private static void awaitAcknowledged(History history, int more) {
        var before = history.acknowledgedCount();
        var startNanos = System.nanoTime();
        Awaitility.await(more + " more acknowledged, seed " + SEED)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> history.acknowledgedCount() >= before + more);
        var perSecond = more * TimeUnit.SECONDS.toNanos(1) / Math.max(1, System.nanoTime() - startNanos);
        System.out.println(more + " acknowledged at " + perSecond + "/s");
    }

    private static void report(String what, int kills, History history) {
        System.out.println("seed " + SEED + ": " + kills + " " + what + " kills, " + history.acknowledgedCount()
                + " acknowledged, " + history.unknownCount() + " unknown, " + history.refusedCount() + " refused");
    }

    private static void judge(History history, NodeApi reader) {
        for (var pchannel : PCHANNELS) {
            var live = reader.entries(pchannel, "live");
            Awaitility.await(pchannel + " is committed")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> reader.entries(pchannel, "committed").size() == live.size());
            assertThat(history.violations(pchannel, live))
                    .as(pchannel + " live")
                    .isEmpty();
            assertThat(history.violations(pchannel, reader.entries(pchannel, "committed")))
                    .as(pchannel + " committed")
                    .isEmpty();
        }
    }
}
