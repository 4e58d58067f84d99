package io.seawall.it.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.TestKafka;
import io.seawall.kafkalocal.LocalKafka;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An owner deletes all records again and again while another node reads the log: the log is empty, and never reported as lost.
 * {@code -Dtorture=20} does this 20 times as often.
 */
@Tag("full")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrimToTailIT {
    private static final int ROUNDS = 50 * Integer.getInteger("torture", 1);
    private static final String PREFIX = "tail-";
    private static final String OK = "ok";

    private final Map<String, LongAdder> looks = new ConcurrentSkipListMap<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @ParameterizedTest(name = "{0} brokers")
    @ValueSource(ints = {1, 3})
    void aLogThatIsTrimmedToItsTailNeverLooksLost(int brokers) {
        var threads = Executors.newFixedThreadPool(2);
        try (var kafka = TestKafka.killable().brokers(brokers).start();
                var node = connect(kafka, "node-1");
                var other = connect(kafka, "node-2")) {
            node.topics().create(TopicSpec.of("trimmed", 1));
            var pchannel = new PChannel("trimmed", 0);
            try (var wal = node.opener().open(pchannel, 1).wal().join()) {
                var looking = List.of(
                        CompletableFuture.runAsync(() -> look(() -> open(other, pchannel)), threads),
                        CompletableFuture.runAsync(() -> look(() -> bounds(other, pchannel)), threads));
                var begun = System.nanoTime();
                for (var round = 1; round <= ROUNDS; round++) {
                    appendAndTrim(wal, round);
                }
                var tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
                over.set(true);
                looking.forEach(each -> each.orTimeout(60, TimeUnit.SECONDS).join());
                System.out.println(
                        brokers + " brokers: " + ROUNDS + " trims to the tail in " + tookMs + " ms, looks: " + looks);
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        // A read that three trims in a row overtook fails and has to be repeated.
        assertThat(looks.keySet()).as("looks: %s", looks).contains(OK).isSubsetOf(OK, ErrorCode.UNAVAILABLE.name());
    }

    private static void appendAndTrim(Wal wal, int round) {
        wal.append("value".getBytes(UTF_8)).join();
        assertThat(wal.trim(round).orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(round);
    }

    private void look(Runnable once) {
        while (!over.get()) {
            var outcome = OK;
            try {
                once.run();
            } catch (WalException error) {
                outcome = error.code().name();
            }
            looks.computeIfAbsent(outcome, code -> new LongAdder()).increment();
        }
    }

    private static void open(KafkaWals node, PChannel pchannel) {
        for (var view : View.values()) {
            node.readers().open(pchannel, StartPosition.oldest(), view).close();
        }
    }

    private static void bounds(KafkaWals node, PChannel pchannel) {
        for (var view : View.values()) {
            var bounds = node.readers().bounds(pchannel, view);
            assertThat(bounds.tail()).isGreaterThanOrEqualTo(bounds.oldest());
        }
    }

    private static KafkaWals connect(LocalKafka kafka, String node) {
        return KafkaWals.connect(
                KafkaConnection.plain(kafka.bootstrapServers(), PREFIX),
                WalSettings.defaults(),
                NodeIdentity.withoutUrl(node));
    }
}
