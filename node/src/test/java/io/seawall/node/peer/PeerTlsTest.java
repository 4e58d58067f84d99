package io.seawall.node.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.kafkalocal.LocalAuthority;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.tls.TestCertificates;
import io.seawall.node.tls.TestTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links whose TLS fails. */
@Timeout(60)
class PeerTlsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final PeerTimes TIMES =
            new PeerTimes(LIMIT, LIMIT, LIMIT, Duration.ofMillis(5), Duration.ofMillis(20));

    private final FakeClusterState cluster = new FakeClusterState();

    @Test
    void aNodeOfAnotherAuthorityIsRefusedAndNotTakenForDead() throws IOException {
        refuses("127.0.0.1", TestCertificates.THEIRS);
    }

    @Test
    void aNodeWithACertificateOfAnotherNameIsRefusedAndNotTakenForDead() throws IOException {
        refuses("127.0.0.2", TestCertificates.OURS); // the certificate is for localhost, 127.0.0.1 and ::1
    }

    private void refuses(String host, LocalAuthority trusted) throws IOException {
        var server = TestTls.server(TestCertificates.NODE.certificate(), TestCertificates.NODE.key());
        try (var peer = server.context()
                        .getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.getByName(host));
                var metrics = new NodeMetrics(List::of);
                var links = follow(host, peer, TestTls.client(trusted, null), metrics)) {
            var handshakes = new Thread(() -> shakeHands(peer));
            handshakes.setDaemon(true);
            handshakes.start();

            await().until(() -> links.attempts("n2") >= 6);

            assertThat(links.connected()).isZero();
            assertThat(cluster.hints).isEmpty();
        }
    }

    private PeerLinks follow(String host, ServerSocket peer, SSLContext trust, NodeMetrics metrics) {
        cluster.coordinator("n1", "nonce-1");
        cluster.node("n1", "n1-1", "http://127.0.0.1:1");
        cluster.node("n2", "n2-1", "https://" + host + ":" + peer.getLocalPort());
        var links = new PeerLinks(
                cluster, true, metrics, new SplittableRandom(1), PeerLogin.without(trust.getSocketFactory()), TIMES);
        links.start();
        return links;
    }

    private static void shakeHands(ServerSocket peer) {
        while (!peer.isClosed()) {
            try (var connection = (SSLSocket) peer.accept()) {
                connection.startHandshake();
            } catch (IOException refused) {
                // The other side does not trust this one, or the test is over.
            }
        }
    }
}
