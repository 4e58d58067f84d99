package io.seawall.it.fencing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.seawall.it.kit.History;
import io.seawall.it.kit.NodeApi;
import io.seawall.it.kit.NodeApi.Answer;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.PlantedFault;
import io.seawall.it.kit.RawPartition;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A paused owner resumes after another node took over: not one of its records may get into the log. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FencingIT {
    private static final int IN_FLIGHT = 40;
    private static final Set<String> REFUSALS = Set.of("FENCED", "TERM_EXPIRED", "NOT_OWNER");
    private static TestKafka kafka;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void startKafka() {
        kafka = TestKafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void aZombieIsRefusedAndNothingAcknowledgedIsLost() {
        takeOverFromPausedOwner(new PChannel("zombie", 0), node -> node);
    }

    @Test
    @Tag("full")
    void theSameTestGoesRedWithFencingOff() throws Exception {
        var planted = PlantedFault.withoutFencing(Files.createTempDirectory(folder, "planted"));

        var red = catchThrowable(
                () -> takeOverFromPausedOwner(new PChannel("unfenced", 0), node -> node.withClassPathFirst(planted)));

        // The old owner's transaction stays open, because no opening fenced its ids; the claim's read-back finds it.
        assertThat(red)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("an older transaction on the partition");
        System.out.println("with fencing off: "
                + String.valueOf(red.getMessage()).lines().limit(6).toList());
    }

    /** Changes how nodes are started. */
    private interface Variation {
        Spec apply(Spec node);
    }

    private static Spec node(String id) {
        return Spec.of(
                id,
                kafka.bootstrapServers(),
                folder.resolve(id),
                "mode=manual",
                "prefix=" + kafka.prefix(),
                "flush.enabled=false",
                "wal.open.timeout.ms=15000");
    }

    private static void takeOverFromPausedOwner(PChannel pchannel, Variation variation) {
        try (var first = NodeProcess.start(variation.apply(node("first")));
                var second = NodeProcess.start(variation.apply(node("second")))) {
            var history = new History();
            assertThat(first.api().createTopic(pchannel.topic(), 1).isOk()).isTrue();
            assertThat(first.api().assign(pchannel, 1).status()).isEqualTo(200);
            appendAndWait(first.api(), pchannel, history, "before", 20);

            var inFlight = pauseWithAppendsInFlight(first, pchannel, history);

            assertThat(second.api().assign(pchannel, 2))
                    .as("the second node opens the next term")
                    .matches(answer -> answer.status() == 200);
            appendAndWait(second.api(), pchannel, history, "after", 20);
            first.resume();
            var late = new HashMap<String, CompletableFuture<Answer>>();
            for (var i = 0; i < 10; i++) {
                late.put("late" + i, first.api().append(pchannel, ("late" + i).getBytes(UTF_8)));
            }
            var refused = settle(inFlight, pchannel, history) + settle(late, pchannel, history);

            assertThat(refused).as("refused appends of the zombie").isPositive();
            appendAndWait(second.api(), pchannel, history, "end", 5);
            judge(pchannel, history, second.api());
        }
    }

    private static void appendAndWait(NodeApi api, PChannel pchannel, History history, String name, int count) {
        for (var i = 0; i < count; i++) {
            var value = name + i;
            var answer = api.append(pchannel, value.getBytes(UTF_8)).join();
            assertThat(answer.isOk()).as("%s: %s", value, answer).isTrue();
            history.acknowledged(pchannel, answer.body().path("first").asLong(), value);
        }
    }

    /** Sends appends and pauses the node before all are answered; if all were answered in time, sends more. */
    private static Map<String, CompletableFuture<Answer>> pauseWithAppendsInFlight(
            NodeProcess node, PChannel pchannel, History history) {
        for (var burst = 0; burst < 50; burst++) {
            var sent = new HashMap<String, CompletableFuture<Answer>>();
            for (var i = 0; i < IN_FLIGHT; i++) {
                var value = "burst" + burst + "-" + i;
                sent.put(value, node.api().append(pchannel, value.getBytes(UTF_8)));
            }
            node.pause();
            var open = sent.values().stream().filter(answer -> !answer.isDone()).count();
            if (open > 0) {
                System.out.println("paused with " + open + " appends in flight");
                return sent;
            }
            node.resume();
            settle(sent, pchannel, history);
        }
        throw new IllegalStateException("no burst was in flight when the node was paused");
    }

    /** Records every answer; returns the number of refusals. */
    private static int settle(Map<String, CompletableFuture<Answer>> sent, PChannel pchannel, History history) {
        var refused = 0;
        for (var entry : sent.entrySet()) {
            var answer = entry.getValue().join();
            if (answer.isOk()) {
                history.acknowledged(pchannel, answer.body().path("first").asLong(), entry.getKey());
                continue;
            }
            assertThat(answer.code()).as("%s", answer).isIn(REFUSALS);
            refused++;
            if (answer.effect().equals("none")) {
                history.refused(entry.getKey());
            } else {
                history.unknown(entry.getKey());
            }
        }
        return refused;
    }

    private static void judge(PChannel pchannel, History history, NodeApi reader) {
        var live = reader.entries(pchannel, "live");
        assertThat(history.violations(pchannel, live)).as("live view").isEmpty();
        Awaitility.await("everything is committed")
                .atMost(Duration.ofSeconds(20))
                .until(() -> reader.entries(pchannel, "committed").size() == live.size());
        assertThat(reader.entries(pchannel, "committed")).isEqualTo(live);

        var raw = RawPartition.read(kafka.bootstrapServers(), kafka.prefix(), pchannel, "read_uncommitted");
        var snapshot = raw.stream()
                .filter(record -> record.wal().matches("2\\.0/\\d+ snapshot"))
                .findFirst()
                .orElseThrow();
        assertThat(raw)
                .filteredOn(record ->
                        record.offset() > snapshot.offset() && record.wal().startsWith("1."))
                .as("records of the old term after the new owner's snapshot")
                .isEmpty();
        assertThat(raw)
                .filteredOn(record -> record.wal().endsWith("@1"))
                .as("republished records")
                .isNotEmpty();
        System.out.println("live " + live.size() + ", republished "
                + raw.stream().filter(record -> record.wal().endsWith("@1")).count() + ", refused or unknown "
                + (history.refusedCount() + history.unknownCount()));
    }
}
