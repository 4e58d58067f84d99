package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.peer.FakeClusterState;
import io.seawall.node.peer.PeerLinks;
import io.seawall.node.peer.PeerLogin;
import io.seawall.node.tls.TestCertificates;
import io.seawall.node.tls.TestTls;
import io.seawall.wal.PChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams between nodes as the server serves them, and the links that follow them. */
@Timeout(120)
class PeerHttpTest {
    private static final String HELLO = "{\"node\":\"n1\",\"incarnation\":\"n1-1\"}";
    private static final String BEAT = "{\"beat\":true}";

    private final HttpFixture http =
            new HttpFixture(HttpFixture.settings().with(HttpFixture.connections(1_000, 1_000, 64)));
    private final List<Socket> sockets = new ArrayList<>();
    private final NodeMetrics metrics = new NodeMetrics(List::of);
    private final FakeClusterState other = new FakeClusterState(new Owner("n9", "n9-1"));
    private final PeerLinks links =
            new PeerLinks(other, true, metrics, new SplittableRandom(1), PeerLogin.without(TestTls.sockets()));

    @AfterEach
    void close() throws IOException {
        links.close();
        for (var socket : sockets) {
            socket.close();
        }
        http.close();
        metrics.close();
    }

    /** Asks for a stream and reads its head; the lines of its chunks follow. */
    private BufferedReader follow(String node) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), http.server.port());
        sockets.add(socket);
        socket.getOutputStream()
                .write(("GET /v1/cluster/peers/" + node + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(UTF_8));
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
        while (!in.readLine().isEmpty()) {
            // The other headers say nothing here.
        }
        return in;
    }

    private static String line(BufferedReader in) throws IOException {
        in.readLine(); // the size of the chunk
        var line = in.readLine();
        in.readLine(); // the end of the chunk
        return line;
    }

    private boolean follows(int connected) {
        return metrics.scrape().contains("seawall_peers_connected " + connected + ".0");
    }

    private void link() {
        other.node("n1", "n1-1", "http://127.0.0.1:" + http.server.port());
        links.start();
        await().until(() -> follows(1));
    }

    @Test
    void theFirstLineNamesTheProcessAndBeatsFollow() throws Exception {
        var in = follow("n2");

        assertThat(line(in)).isEqualTo(HELLO);
        assertThat(line(in)).isEqualTo(BEAT);
        assertThat(line(in)).isEqualTo(BEAT);
    }

    @Test
    void ratesReachTheOtherNodesMember() throws Exception {
        http.rates = Map.of(new PChannel("orders", 1), 12_345L);
        link();

        assertThat(other.rates.poll(20, TimeUnit.SECONDS)).isEqualTo(http.rates);
    }

    @Test
    void aNodeThatComesAgainReplacesItsStreamWhichEndsProperly() throws Exception {
        var first = follow("n2");
        assertThat(line(first)).isEqualTo(HELLO);

        var second = follow("n2");

        assertThat(line(second)).isEqualTo(HELLO);
        var rest = first.lines().takeWhile(line -> !line.equals("0")).toList();
        assertThat(rest).as("up to the last chunk").allMatch(line -> line.equals(BEAT) || line.length() <= 3);
        await().until(() -> http.metrics.scrape().contains("seawall_peers_streams 1.0"));
    }

    @Test
    void aServerThatStopsEndsItsStreamsProperlySoThatNobodyTakesItForDead() throws Exception {
        link();
        var in = follow("n2");

        http.server.close();

        await().until(() -> follows(0));
        assertThat(in.lines().toList()).endsWith("0", "");
        await().until(() -> metrics.scrape().contains("seawall_peers_connected 0.0"));
        assertThat(other.hints).isEmpty();
    }

    @Test
    void aKilledProcessIsReported() throws Exception {
        reportsAKilledProcess(links, metrics, "http");
    }

    @Test
    void aKilledProcessThatServesTlsIsReported() throws Exception {
        var trust = TestTls.client(TestCertificates.OURS, null).getSocketFactory();
        try (var meters = new NodeMetrics(List::of);
                var secure = new PeerLinks(other, true, meters, new SplittableRandom(1), PeerLogin.without(trust))) {
            reportsAKilledProcess(
                    secure,
                    meters,
                    "https",
                    TestCertificates.NODE.certificate().toString(),
                    TestCertificates.NODE.key().toString());
        }
    }

    private void reportsAKilledProcess(PeerLinks following, NodeMetrics meters, String scheme, String... arguments)
            throws Exception {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                PeerProcessMain.class.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = process.inputReader(UTF_8)) {
            var port = out.lines()
                    .filter(line -> line.matches("[0-9]+"))
                    .findFirst()
                    .orElseThrow();
            other.node("n1", "n1-1", scheme + "://127.0.0.1:" + port);
            following.start();
            await().until(() -> meters.scrape().contains("seawall_peers_connected 1.0"));

            process.destroyForcibly();

            assertThat(other.hints.poll(20, TimeUnit.SECONDS)).isEqualTo(new Hint("n1", "n1-1", "n9"));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void streamsAreBounded() throws Exception {
        for (var at = 0; at < 256; at++) {
            follow("m" + at);
        }

        var refused = http.get("/v1/cluster/peers/one-more");
        follow("m7"); // one that replaces another is served

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.text("code")).isEqualTo("OVERLOADED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-n2", "n%202", "a%2Fb"})
    void onlyIdsOfNodesAreServed(String name) {
        assertThat(http.get("/v1/cluster/peers/" + name).status()).isEqualTo(400);
    }

    @Test
    void aNodeWithoutAClusterServesNone() {
        try (var alone = HttpFixture.withoutCluster()) {
            assertThat(alone.get("/v1/cluster/peers/n2").status()).isEqualTo(400);
            assertThat(alone.postJson("/v1/cluster/hints", "{}").status()).isEqualTo(400);
        }
    }

    @Test
    void aHintReachesTheCluster() {
        var answer = http.postJson("/v1/cluster/hints", "{\"node\":\"n2\",\"incarnation\":\"n2-1\",\"by\":\"n3\"}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(http.cluster.hints).containsExactly(new Hint("n2", "n2-1", "n3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"node\":\"n2\",\"incarnation\":\"n2-1\"}",
                "{\"node\":\"n2\",\"by\":\"n3\"}",
                "{\"node\":\"n 2\",\"incarnation\":\"n2-1\",\"by\":\"n3\"}",
                "{\"node\":\"n2\",\"incarnation\":\"\",\"by\":\"n3\"}",
                "{\"node\":\"n2\",\"incarnation\":\"n2-1\",\"by\":7}",
                "{\"node\":\"n1\",\"incarnation\":\"n1-1\",\"by\":\"n3\"}",
            })
    void aHintThatIsNoneIsRefused(String body) {
        assertThat(http.postJson("/v1/cluster/hints", body).status()).isEqualTo(400);
        assertThat(http.cluster.hints).isEmpty();
    }
}
