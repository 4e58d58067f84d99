package io.seawall.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.node.cluster.StubCluster;
import io.seawall.node.ports.PChannelStatus.Positions;
import io.seawall.node.tls.TestTls;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeerPositionsTest {
    private static final PChannel A = new PChannel("orders", 0);
    private static final PChannel B = new PChannel("orders", 1);

    private final FakeClusterState cluster = new FakeClusterState();
    private final PeerPositions positions = new PeerPositions(
            cluster, TestTls.ofTheJvm(), PeerLogin.without(TestTls.sockets()), Duration.ofSeconds(20));
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    @AfterEach
    void stopServers() {
        servers.forEach(server -> server.stop(0));
    }

    /** Adds a node that answers each request with this status and body. */
    private void node(String id, int status, String body) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> answer(exchange, id, status, body));
        server.start();
        servers.add(server);
        cluster.node(
                id,
                id + "-1",
                "http://unused.example",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/seawall");
    }

    private void answer(HttpExchange exchange, String id, int status, String body) throws IOException {
        requests.add(id + " " + exchange.getRequestURI());
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void owned(PChannel log, String node) {
        cluster.write(StubCluster.owned(log, 1, new Owner(node, node + "-1")));
    }

    private static String open(PChannel log, long oldest, long tail, long flushed) {
        return """
                {"pchannel":"%s","state":"available","oldest":%d,"tail":%d,"flushed":%d,"lag":7,
                 "expected":{"term":4,"available":true,"tail":5},"lastFailure":null}""".formatted(log, oldest, tail, flushed);
    }

    private static String list(String... statuses) {
        return "{\"pchannels\":[" + String.join(",", statuses) + "]}";
    }

    @Test
    void asksEachOwnerOnceForAllItsLogs() throws IOException {
        node("n2", 200, list(open(A, 1, 20, 10), open(B, 0, 5, 5)));
        owned(A, "n2");
        owned(B, "n2");

        assertThat(positions.read(List.of(A, B)))
                .containsOnly(Map.entry(A, new Positions(1, 20, 10)), Map.entry(B, new Positions(0, 5, 5)));
        assertThat(requests).containsExactly("n2 /seawall/v1/pchannels?scope=node");
    }

    @Test
    void leavesOutLogsThatWereNotAskedForOrAreNotOpenThere() throws IOException {
        node(
                "n2",
                200,
                list("{\"pchannel\":\"orders-0\",\"oldest\":null,\"tail\":null,\"flushed\":null}", open(B, 0, 5, 5)));
        owned(A, "n2");

        assertThat(positions.read(List.of(A))).isEmpty();
    }

    @Test
    void leavesOutNodesThatAnswerWithAnErrorOrNonsense() throws IOException {
        node("n2", 503, list(open(A, 1, 20, 10)));
        node("n3", 200, "{\"pchannels\":[{\"pchannel\":");
        node("n4", 200, list(open(new PChannel("orders", 2), 0, 3, 3)));
        owned(A, "n2");
        owned(B, "n3");
        owned(new PChannel("orders", 2), "n4");

        assertThat(positions.read(List.of(A, B, new PChannel("orders", 2))))
                .containsOnlyKeys(new PChannel("orders", 2));
    }

    @Test
    void doesNotWaitForANodeThatIsSilent() throws IOException {
        try (var silent = new ScriptedPeer(0)) {
            cluster.node("n3", "n3-1", silent.url());
            node("n2", 200, list(open(A, 1, 20, 10)));
            owned(A, "n2");
            owned(B, "n3");

            var impatient = new PeerPositions(
                    cluster, TestTls.ofTheJvm(), PeerLogin.without(TestTls.sockets()), Duration.ofSeconds(3));

            assertThat(impatient.read(List.of(A, B))).containsOnlyKeys(A);
        }
    }

    @Test
    void doesNotWaitForANodeThatStopsInTheMiddleOfItsAnswer() throws Exception {
        var over = new CountDownLatch(1);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            join(over);
        });
        server.start();
        servers.add(server);
        cluster.node("n3", "n3-1", "http://127.0.0.1:" + server.getAddress().getPort());
        node("n2", 200, list(open(A, 1, 20, 10)));
        owned(A, "n2");
        owned(B, "n3");
        try {
            var impatient = new PeerPositions(
                    cluster, TestTls.ofTheJvm(), PeerLogin.without(TestTls.sockets()), Duration.ofSeconds(3));

            assertThat(impatient.read(List.of(A, B))).containsOnlyKeys(A);
        } finally {
            over.countDown();
        }
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void asksNobodyForLogsThatHaveNoOwnerOrAreItsOwn() throws IOException {
        node("n1", 200, list(open(A, 1, 20, 10)));
        owned(A, "n1");

        assertThat(positions.read(List.of(A, B))).isEmpty();
        assertThat(requests).isEmpty();
    }
}
