package io.seawall.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.NodeApi;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.TestKafka;
import io.seawall.it.proxy.TcpSwitch;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that run, but do not reach Kafka or each other. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("long")
class CutOffIT {
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int SOME_APPENDS = 20;
    /** Shorter than the defaults, which add up to 150 s. After both, an append without Kafka has ended. */
    private static final Duration DELIVERY = Duration.ofSeconds(10);

    private static final Duration RECOVER = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @Test
    void aNodeWithoutKafkaEndsItsAppendsAndOthersTakeOver() throws IOException {
        try (var cable = TcpSwitch.listen(3)) {
            var kafka =
                    TestKafka.killable().brokers(3).proxyPorts(cable.ports()).start();
            cable.forward(id -> kafka.broker(id).detourPort());
            try (var lab = ClusterLab.start(kafka, folder, 2)) {
                lab.startNode(
                        "n3",
                        "kafka.bootstrap.servers=" + cable.addresses(),
                        "wal.delivery.timeout.ms=" + DELIVERY.toMillis(),
                        "wal.recover.timeout.ms=" + RECOVER.toMillis());
                lab.awaitMembers(3);
                var logs = lab.createTopic("cut", 6);
                lab.awaitBalanced(logs);
                cutOff(lab, logs, cable);
            }
        }
    }

    private static void cutOff(ClusterLab lab, List<PChannel> logs, TcpSwitch cable) {
        try (var load = new ClusterLoad(lab, logs, PAUSE)) {
            load.awaitProgress();
            var owners = lab.owners(logs);
            var lost = load.writers().stream()
                    .filter(writer -> "n3".equals(owners.get(writer.pchannel())))
                    .toList();
            assertThat(lost).isNotEmpty();
            var atLostNode = lab.node("n3").api().withPatience(Duration.ofMinutes(5));
            load.mark();
            var cutNanos = System.nanoTime();
            cable.cut();
            var appends = appends(atLostNode, lost.get(0).pchannel());
            // The writers at n3 hang there until their appends end; a client elsewhere gets on at once.
            awaitOthersOwn(lab, lost);
            var tookOver = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - cutNanos);
            awaitEnd(appends);
            assertThat(appends)
                    .as("answers of the node itself, and no time-outs of the client")
                    .allSatisfy(append -> assertThat(append.join().code()).isIn("OUTCOME_UNKNOWN", "UNAVAILABLE"));
            var ended = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - cutNanos);
            load.awaitNewTerm(lost);
            cable.heal();
            lab.awaitMembers(3);
            lab.awaitBalanced(logs);
            System.out.println("cut off from Kafka: others own the logs after " + tookOver
                    + " ms, every append at the lost node ended after " + ended + " ms");
            load.finish();
            load.judge();
        }
    }

    private static List<CompletableFuture<NodeApi.Answer>> appends(NodeApi node, PChannel log) {
        var appends = new ArrayList<CompletableFuture<NodeApi.Answer>>();
        for (var number = 0; number < SOME_APPENDS; number++) {
            appends.add(node.append(log, new byte[] {(byte) number}));
        }
        return appends;
    }

    private static void awaitOthersOwn(ClusterLab lab, List<FollowingWriter> lost) {
        Awaitility.await("others own the logs")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> lost.stream()
                        .allMatch(writer -> isAvailable(lab.node("n1"), writer.pchannel())
                                || isAvailable(lab.node("n2"), writer.pchannel())));
    }

    private static boolean isAvailable(NodeProcess node, PChannel log) {
        return node.api()
                .get("/v1/pchannels/" + log)
                .body()
                .path("state")
                .asText()
                .equals("available");
    }

    private static void awaitEnd(List<CompletableFuture<NodeApi.Answer>> appends) {
        Awaitility.await("every append ends")
                .atMost(Duration.ofSeconds(90))
                .until(() -> appends.stream().allMatch(CompletableFuture::isDone));
    }

    @Test
    void aCoordinatorThatDoesNotReachTheOtherNodesGoesOn() throws IOException {
        try (var cable = TcpSwitch.listen(3);
                var lab = ClusterLab.start(folder, 0)) {
            cable.forward(number -> lab.port("n" + (number + 1)));
            for (var number = 1; number <= 3; number++) {
                lab.startNode("n" + number, "cluster.peer.url=http://127.0.0.1:" + cable.ports()[number - 1]);
            }
            lab.awaitMembers(3);
            var logs = lab.createTopic("apart", 6);
            lab.awaitBalanced(logs);
            try (var load = new ClusterLoad(lab, logs, PAUSE)) {
                load.awaitProgress();
                var coordinator = lab.coordinator();
                load.mark();
                cable.cut();
                letTimePass();
                load.awaitProgress();
                assertThat(lab.coordinator()).isEqualTo(coordinator);
                assertThat(load.writers())
                        .as("logs that moved although no process died")
                        .allMatch(writer -> writer.firstOfANewTerm() == null);
                Operator.drain(lab, coordinator);
                awaitEmpty(lab, logs, coordinator);
                Operator.resume(lab, coordinator);
                cable.heal();
                load.finish();
                load.judge();
            }
        }
    }

    /** Longer than the nodes wait for a sign of each other, and than a session. */
    private static void letTimePass() {
        try {
            TimeUnit.SECONDS.sleep(20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void awaitEmpty(ClusterLab lab, List<PChannel> logs, String node) {
        Awaitility.await(node + " has no logs")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> lab.owners(logs).size() == logs.size()
                        && lab.owners(logs).values().stream().noneMatch(owner -> Objects.equals(owner, node)));
    }
}
