package io.seawall.it.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.CliRun;
import io.seawall.it.kit.FreePort;
import io.seawall.it.kit.History;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writer sessions through {@code kill -9} of the owner: every batch once, in order, even if its answer was lost. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionIT {
    private static final PChannel PCHANNEL = new PChannel("sessions", 0);
    private static final int WRITERS = 4;
    private static final int KILLS = 3;
    private static final int BETWEEN_KILLS = 400;
    private static final int LINES = 80_000;

    @TempDir
    private Path folder;

    private final AtomicReference<NodeProcess> owner = new AtomicReference<>();

    private NodeProcess start(TestKafka kafka, String... settings) {
        var all = new String[settings.length + 2];
        all[0] = "prefix=" + kafka.prefix();
        all[1] = "flush.enabled=false";
        System.arraycopy(settings, 0, all, 2, settings.length);
        return NodeProcess.start(Spec.of("writer", kafka.bootstrapServers(), folder.resolve("writer"), all));
    }

    private NodeProcess owner() {
        var node = owner.get();
        if (node == null) {
            throw new IllegalStateException("no node was started yet");
        }
        return node;
    }

    @Test
    void aSessionThatRepeatsWhatIsUnknownLosesAndDoublesNothing() {
        try (var kafka = TestKafka.start()) {
            owner.set(start(kafka));
            owner().api().createTopic(PCHANNEL.topic(), 1);
            owner().api().awaitAvailable(PCHANNEL);
            var history = new History();
            try (var load = new SessionLoad(PCHANNEL, WRITERS, () -> owner().url(), history)) {
                for (var kill = 0; kill < KILLS; kill++) {
                    awaitAcknowledged(history, BETWEEN_KILLS);
                    owner().kill();
                    owner.set(start(kafka));
                    owner().api().awaitAvailable(PCHANNEL);
                }
                awaitAcknowledged(history, BETWEEN_KILLS);
                load.stop();
                System.out.println(KILLS + " kills, " + history.acknowledgedCount() + " acknowledged, "
                        + load.repetitions() + " of them as repetitions");
                assertThat(load.repetitions())
                        .as("written batches without an answer because of the kills")
                        .isPositive();
            }
            var log = owner().api().entries(PCHANNEL, "live");
            assertThat(history.violations(PCHANNEL, log)).isEmpty();
            assertThat(log).as("no record that was not acknowledged").hasSize(history.acknowledgedCount());
            owner().close();
        }
    }

    @Test
    void linesThatWereUnderWayWhenTheNodeDiedAreThereOnce() throws Exception {
        try (var kafka = TestKafka.start()) {
            var ports = new String[] {"http.port=" + FreePort.find(), "grpc.port=" + FreePort.find()};
            owner.set(start(kafka, ports));
            owner().api().createTopic(PCHANNEL.topic(), 1);
            owner().api().awaitAvailable(PCHANNEL);
            var in = lines();
            var out = folder.resolve("out");
            var url = owner().url();

            var appended = CompletableFuture.supplyAsync(
                    () -> CliRun.run(in, Path.of("/dev/null"), "append", PCHANNEL.toString(), "--lines", "--url", url));
            Awaitility.await("lines are in flight")
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> tail() > 5_000);
            var tailBefore = tail();
            owner().kill();
            owner.set(start(kafka, ports));
            var result = appended.join();

            assertThat(tailBefore).as("killed in the middle").isLessThan(LINES);
            assertThat(result.exitCode()).as(result.err()).isZero();
            CliRun.run(in, out, "read", PCHANNEL.toString(), "--from", "oldest", "--until-tail", "--url", url);
            assertThat(Files.mismatch(in, out))
                    .as("the first byte that differs")
                    .isEqualTo(-1);
            owner().close();
        }
    }

    private long tail() {
        return owner().api()
                .get("/v1/pchannels/" + PCHANNEL)
                .body()
                .path("tail")
                .asLong();
    }

    private static void awaitAcknowledged(History history, int more) {
        var before = history.acknowledgedCount();
        Awaitility.await(more + " more acknowledged")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> history.acknowledgedCount() >= before + more);
    }

    private Path lines() throws IOException {
        var file = folder.resolve("in");
        try (var text = Files.newBufferedWriter(file, UTF_8)) {
            for (var line = 0; line < LINES; line++) {
                text.write("line " + line + " of " + "x".repeat(line % 150) + "\n");
            }
        }
        return file;
    }
}
