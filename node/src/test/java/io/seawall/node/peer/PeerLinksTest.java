package io.seawall.node.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.peer.ScriptedPeer.Connection;
import io.seawall.node.tls.TestTls;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On real sockets of loopback: what is a hint, and what is none. */
@Timeout(60)
class PeerLinksTest {
    private static final Hint DEAD = new Hint("n2", "n2-1", "n1");
    /** Times that are not over before the test does something. */
    private static final PeerTimes PATIENT = times(Duration.ofSeconds(50));

    /** Times whose end the test waits for. */
    private static final PeerTimes HASTY = times(Duration.ofMillis(200));

    private final FakeClusterState cluster = new FakeClusterState();
    private final NodeMetrics metrics = new NodeMetrics(List::of);
    private PeerLinks links = new PeerLinks(
            cluster, true, metrics, new SplittableRandom(1), PeerLogin.without(TestTls.sockets()), PATIENT);
    private ScriptedPeer peer;

    private static PeerTimes times(Duration limit) {
        return new PeerTimes(limit, limit, limit, Duration.ofMillis(5), Duration.ofMillis(20));
    }

    private void useHastyTimes() {
        links = new PeerLinks(
                cluster, true, metrics, new SplittableRandom(1), PeerLogin.without(TestTls.sockets()), HASTY);
    }

    @BeforeEach
    void listen() throws IOException {
        peer = new ScriptedPeer(0);
        cluster.coordinator("n1", "nonce-1");
        cluster.node("n1", "n1-1", "http://127.0.0.1:1");
        cluster.node("n2", "n2-1", peer.url());
    }

    @AfterEach
    void close() {
        links.close();
        peer.close();
        metrics.close();
    }

    /** Starts the links, and serves the first stream. */
    private Connection up() throws IOException {
        links.start();
        return serve();
    }

    /** Serves the next stream as the process that the state names. */
    private Connection serve() throws IOException {
        var connection = peer.next().begin("n2", "n2-1");
        await().until(() -> links.connected() == 1);
        return connection;
    }

    private Hint nextHint() throws InterruptedException {
        return cluster.hints.poll(20, TimeUnit.SECONDS);
    }

    /** Waits until the link has tried some more times, so that whatever it saw has had its effect. */
    private void noHintInFurtherAttempts() {
        var before = links.attempts("n2");
        await().until(() -> links.attempts("n2") >= before + 4);
        assertThat(cluster.hints).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "end", "end within a chunk", "end within the size of a chunk"})
    void aStreamThatIsCutAndARefusalAreAHint(String how) throws Exception {
        var stream = up();

        peer.close();
        cut(stream, how);

        assertThat(nextHint()).isEqualTo(DEAD);
        noHintInFurtherAttempts();
    }

    @Test
    void aNodeIsFollowedAtItsAddressForPeers() throws Exception {
        cluster.node("n2", "n2-1", "http://127.0.0.1:1", peer.url());

        var stream = up();
        peer.close();
        stream.reset();

        assertThat(nextHint()).isEqualTo(DEAD);
    }

    private static void cut(Connection stream, String how) throws IOException {
        if (how.equals("end within a chunk")) {
            stream.write("e\r\n{\"beat\"");
        } else if (how.equals("end within the size of a chunk")) {
            stream.write("e");
        }
        if (how.equals("reset")) {
            stream.reset();
        } else {
            stream.close();
        }
    }

    @Test
    void anAttemptThatTheDyingProcessStillAcceptedDoesNotCount() throws Exception {
        var stream = up();

        stream.reset();
        var last = peer.next();
        peer.close();
        last.reset();

        assertThat(nextHint()).isEqualTo(DEAD);
    }

    @Test
    void aStreamThatEndedProperlyIsNoHint() throws Exception {
        var stream = up();

        peer.close();
        stream.write("0\r\n\r\n");
        stream.close();

        noHintInFurtherAttempts();
    }

    @Test
    void aStreamThatIsCutBehindItsLastChunkHasEndedProperly() throws Exception {
        var stream = up();

        peer.close();
        stream.write("0\r\n");
        stream.close();

        noHintInFurtherAttempts();
    }

    @Test
    void silenceIsNoHintAndTheConnectionIsMadeAnew() throws Exception {
        useHastyTimes();
        links.start();
        peer.next().begin("n2", "n2-1"); // says nothing more

        assertThat(peer.next().request()).startsWith("GET /v1/cluster/peers/n1 ");

        assertThat(cluster.hints).isEmpty();
    }

    @Test
    void silenceAndARefusalAreNoHint() throws Exception {
        useHastyTimes();
        links.start();
        peer.next().begin("n2", "n2-1");

        peer.close();

        noHintInFurtherAttempts();
    }

    @Test
    void aRefusalAloneIsNoHint() {
        peer.close();
        links.start();

        noHintInFurtherAttempts();
    }

    @Test
    void aResetOfAProcessThatIsThereIsNoHint() throws Exception {
        var stream = up();

        stream.reset();
        serve();

        assertThat(cluster.hints).isEmpty();
        assertThat(links.attempts("n2")).isEqualTo(1);
    }

    @Test
    void aRefusalAfterAnAttemptThatGotNoAnswerIsNoHint() throws Exception {
        useHastyTimes();
        links.start();
        var stream = peer.next().begin("n2", "n2-1");

        stream.reset();
        peer.next(); // is accepted and never answered
        peer.close();

        noHintInFurtherAttempts();
    }

    @Test
    void aProcessThatAcceptsAndNeverAnswersIsNoHint() throws Exception {
        useHastyTimes();
        links.start();

        var first = peer.next();
        await().until(() -> links.attempts("n2") >= 1);
        peer.close();
        first.reset();

        noHintInFurtherAttempts();
    }

    @Test
    void anHttpErrorIsNoHint() throws Exception {
        var stream = up();

        stream.reset();
        var next = peer.next();
        next.request();
        next.write("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
        peer.close();
        next.close();

        noHintInFurtherAttempts();
    }

    @Test
    void aStreamThatIsCutInItsHeadOrBeforeItsFirstLineProvesNothing() throws Exception {
        links.start();

        var head = peer.next();
        head.request();
        head.write("HTTP/1.1 200 OK\r\n");
        head.reset();
        var empty = peer.next();
        empty.request();
        empty.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        peer.close();
        empty.reset();

        noHintInFurtherAttempts();
    }

    @Test
    void theStreamOfAnotherProcessProvesNothingAboutTheOldOne() throws Exception {
        var stream = up();
        var port = peer.port();

        peer.close();
        var successor = new ScriptedPeer(port);
        stream.close();
        var other = successor.next().begin("n2", "n2-2");
        await().until(() -> links.attempts("n2") >= 2);
        successor.close();
        other.reset();

        noHintInFurtherAttempts();
    }

    @Test
    void theStreamOfAnotherNodeProvesNothing() throws Exception {
        links.start();

        var other = peer.next().begin("n3", "n2-1");
        await().until(() -> links.attempts("n2") >= 1);
        peer.close();
        other.reset();

        noHintInFurtherAttempts();
    }

    @Test
    void aHintNamesTheProcessThatWasMet() throws Exception {
        up();

        cluster.node("n2", "n2-2", peer.url());
        var second = peer.next().begin("n2", "n2-2");
        await().until(() -> links.connected() == 1);
        peer.close();
        second.reset();

        assertThat(nextHint()).isEqualTo(new Hint("n2", "n2-2", "n1"));
    }

    @Test
    void aProcessThatComesBackAfterAWrongHintIsReportedAgainIfItDies() throws Exception {
        var stream = up();
        var port = peer.port();
        peer.close();
        stream.reset();
        assertThat(nextHint()).isEqualTo(DEAD);

        peer = new ScriptedPeer(port);
        var again = serve();
        peer.close();
        again.reset();

        assertThat(nextHint()).isEqualTo(DEAD);
    }

    @Test
    void withoutHintsOnlyRatesAreReported() throws Exception {
        links = new PeerLinks(
                cluster, false, metrics, new SplittableRandom(1), PeerLogin.without(TestTls.sockets()), PATIENT);
        var stream = up();

        stream.chunk(rates(Map.of(new PChannel("orders", 0), 7L)));
        var rates = cluster.rates.poll(20, TimeUnit.SECONDS);
        peer.close();
        stream.reset();

        assertThat(rates).isEqualTo(Map.of(new PChannel("orders", 0), 7L));
        noHintInFurtherAttempts();
    }

    private static String rates(Map<PChannel, Long> rates) {
        return new String(PeerLines.rates(rates).get(0), StandardCharsets.UTF_8);
    }

    @Test
    void anotherCoordinatorIsTold() throws Exception {
        try (var coordinator = new ScriptedPeer(0)) {
            cluster.node("n3", "n3-1", coordinator.url());
            cluster.coordinator("n3", "nonce-2");
            var stream = up();
            coordinator.next(); // the link to it
            peer.close();
            stream.reset();

            var told = coordinator.next();

            assertThat(told.request())
                    .isEqualTo(
                            "POST /v1/cluster/hints HTTP/1.1 {\"node\":\"n2\",\"incarnation\":\"n2-1\",\"by\":\"n1\"}");
            assertThat(nextHint()).isEqualTo(DEAD); // this node's own member is told first
        }
    }

    @Test
    void theNextCoordinatorIsToldIfTheProcessThatDiedCoordinated() throws Exception {
        cluster.coordinator("n2", "nonce-2");
        var stream = up();
        peer.close();
        stream.reset();
        assertThat(nextHint()).isEqualTo(DEAD);
        noHintInFurtherAttempts();

        try (var coordinator = new ScriptedPeer(0)) {
            cluster.node("n3", "n3-1", coordinator.url());
            assertThat(coordinator.next().request()).startsWith("GET");
            cluster.coordinator("n3", "nonce-3");

            var told = coordinator.next();
            assertThat(told.request()).startsWith("POST /v1/cluster/hints");
            told.write("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
        }
        cluster.coordinator("n1", "nonce-4");
        assertThat(nextHint()).as("this node coordinates now").isEqualTo(DEAD);
        noHintInFurtherAttempts();
    }

    @Test
    void aLinkEndsWithItsRecordAndFollowsTheProcessAndItsAddress() throws Exception {
        up();

        cluster.remove(MetaKey.node("n2"));
        await().until(() -> links.size() == 0);
        cluster.node("n2", "n2-1", peer.url());
        serve();
        try (var moved = new ScriptedPeer(0)) {
            cluster.node("n2", "n2-1", moved.url());
            moved.next().begin("n2", "n2-1");
            await().until(() -> links.connected() == 1);

            assertThat(links.size()).isOne();
        }
        assertThat(cluster.hints).isEmpty();
    }

    @Test
    void thereIsOneLinkToANodeHoweverOftenItsRecordIsWritten() throws Exception {
        up();

        for (var beat = 1; beat < 20; beat++) {
            cluster.node("n2", "n2-1", peer.url());
            cluster.coordinator("n1", "nonce-" + beat);
        }

        assertThat(links.size()).isOne();
        assertThat(links.attempts("n2")).isZero();
    }

    @Test
    void noLinkLeadsToANodeWhoseUrlIsNoneOfHttp() {
        cluster.node("n3", "n3-1", "");
        cluster.node("n4", "n4-1", "ftp://127.0.0.1:1");
        cluster.node("n5", "n5-1", "no url");
        links.start();

        assertThat(links.size()).isOne();
    }

    @Test
    void noLinkLeadsToThisNodeItself() {
        cluster.node("n3", "n3-1", "http://127.0.0.1:1");
        links.start();
        assertThat(links.size()).isOne();

        cluster.node("n3", "n3-1", "http://127.0.0.1:2");

        assertThat(links.size()).isEqualTo(2);
    }

    @Test
    void linksBeginWhenTheStateIsCurrent() {
        cluster.isCurrent(false);
        links.start();
        assertThat(links.size()).isZero();

        cluster.isCurrent(true);

        assertThat(links.size()).isOne();
    }

    @Test
    void aLineThatIsTooLongOrNoneOfOursEndsTheConnection() throws Exception {
        var stream = up();
        stream.chunk("x".repeat(PeerLines.MOST_BYTES + 1));
        var next = serve();
        next.chunk("no json\n");
        serve();

        assertThat(cluster.hints).isEmpty();
    }

    @Test
    void closingEndsTheConnectionsAndReportsNothing() throws Exception {
        var stream = up();

        links.close();
        peer.close();
        stream.reset();

        assertThat(links.size()).isZero();
        assertThat(cluster.hints).isEmpty();
    }
}
