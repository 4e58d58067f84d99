package io.seawall.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.FreePort;
import io.seawall.it.kit.History;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes that share the logs of a topic: placement, redirects, a node that ends in order and comes back. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class NodesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> IDS = List.of("n1", "n2", "n3");
    private static final List<PChannel> LOGS = IntStream.range(0, 12)
            .mapToObj(number -> new PChannel("nodes", number))
            .toList();

    private static TestKafka kafka;

    @TempDir
    private Path folder;

    private final Map<String, Integer> ports = new TreeMap<>();
    private final Map<String, NodeProcess> nodes = new TreeMap<>();

    @BeforeAll
    static void startKafka() {
        kafka = TestKafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @AfterEach
    void stopNodes() {
        nodes.values().parallelStream().forEach(NodeProcess::close);
    }

    private NodeProcess start(String id) {
        return NodeProcess.start(Spec.of(
                id,
                kafka.bootstrapServers(),
                folder.resolve(id),
                "prefix=" + kafka.prefix(),
                "flush.enabled=false",
                "http.port=" + ports.get(id)));
    }

    private NodeProcess node(String id) {
        var node = nodes.get(id);
        if (node == null) {
            throw new IllegalStateException(id + " does not run");
        }
        return node;
    }

    private String url(String id) {
        return "http://127.0.0.1:" + ports.get(id);
    }

    /** Returns how many logs each node owns, as one node sees it. */
    private Map<String, Long> owners(String seenBy) {
        var all = node(seenBy).api().get("/v1/pchannels").body().path("pchannels");
        return StreamSupport.stream(all.spliterator(), false)
                .filter(log -> log.path("phase").asText().equals("owned"))
                .collect(Collectors.groupingBy(log -> log.path("owner").asText(), TreeMap::new, Collectors.counting()));
    }

    private void awaitOwners(String seenBy, Map<String, Long> expected) {
        Awaitility.await("owners are " + expected)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(owners(seenBy)).isEqualTo(expected));
    }

    @Test
    void shareLogsHandThemOverAndGetThemBack() {
        // given: three nodes and twelve logs
        IDS.forEach(id -> ports.put(id, FreePort.find()));
        var started =
                IDS.stream().collect(Collectors.toMap(id -> id, id -> CompletableFuture.supplyAsync(() -> start(id))));
        started.forEach((id, node) -> nodes.put(id, node.join()));
        nodes.values().forEach(NodesIT::awaitReady);

        var created = node("n2").api().createTopic("nodes", LOGS.size());

        // then: every node knows that each has its share
        assertThat(created.isOk()).as("%s", created).isTrue();
        IDS.forEach(id -> awaitOwners(id, Map.of("n1", 4L, "n2", 4L, "n3", 4L)));

        // when: each log gets records through each node
        var history = new History();
        for (var id : IDS) {
            var client = new FollowingClient(List.of(url(id)), history);
            LOGS.forEach(client::append);
            assertThat(client.failures()).as("through " + id).isEmpty();
            assertThat(client.redirects()).as("logs of the others").isEqualTo(8);
        }

        // when: a node ends in order under appends that follow redirects
        var clients = LOGS.stream()
                .map(log -> new FollowingClient(List.of(url("n1"), url("n2")), history))
                .toList();
        var running = IntStream.range(0, LOGS.size())
                .mapToObj(at -> CompletableFuture.runAsync(() -> clients.get(at).appendUntilStopped(LOGS.get(at))))
                .toList();
        awaitMore(history, 200);
        var third = node("n3");
        third.close();
        nodes.remove("n3");

        // then
        awaitOwners("n1", Map.of("n1", 6L, "n2", 6L));
        assertThat(third.log()).contains("handed over every pchannel");

        // when: it comes back
        nodes.put("n3", start("n3"));
        awaitOwners("n1", Map.of("n1", 4L, "n2", 4L, "n3", 4L));
        awaitMore(history, 200);
        clients.forEach(FollowingClient::stop);
        running.forEach(CompletableFuture::join);

        // then: nothing failed, nothing is lost or doubled
        assertThat(clients).flatExtracting(FollowingClient::failures).isEmpty();
        System.out.println(history.acknowledgedCount() + " acknowledged, longest pause of an append "
                + clients.stream().mapToLong(FollowingClient::longestMs).max().orElse(0) + " ms, "
                + clients.stream().mapToInt(FollowingClient::retries).sum() + " sent again");
        for (var log : LOGS) {
            var entries = node("n1").api().entries(log, "live");
            assertThat(history.violations(log, entries)).as("%s", log).isEmpty();
        }
    }

    private static void awaitReady(NodeProcess node) {
        Awaitility.await("ready")
                .atMost(PATIENCE)
                .until(() -> node.api().get("/readyz").status() == 200);
    }

    private static void awaitMore(History history, int more) {
        var before = history.acknowledgedCount();
        Awaitility.await(more + " more acknowledged")
                .atMost(PATIENCE)
                .until(() -> history.acknowledgedCount() >= before + more);
    }
}
