package io.seawall.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.client.ClientOptions;
import io.seawall.client.SeawallClient;
import io.seawall.client.TlsOptions;
import io.seawall.kafkalocal.LocalAuthority;
import io.seawall.kafkalocal.LocalAuthority.Issued;
import io.seawall.node.config.TlsFiles;
import io.seawall.node.tls.NodeTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom a command and the Java client take for a node, against servers that shake hands and send a byte. */
@Timeout(60)
class GrpcProbeTest {
    @TempDir
    private static Path folder;

    private static LocalAuthority ours;
    private static Issued node; // for localhost, 127.0.0.1 and ::1
    private static Issued client;
    private static LocalAuthority theirs;

    /** The address that a client connected to, and the end of the handshake. */
    private final BlockingQueue<String> handshakes = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init") // each test begins with a method that sets it, or sets it
    private ServerSocket server;

    @BeforeAll
    static void issue() {
        ours = LocalAuthority.create(folder.resolve("ours"));
        node = ours.issue("node");
        client = ours.issue("client");
        theirs = LocalAuthority.create(folder.resolve("theirs"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** Listens on every address of this machine. */
    private void serve(boolean clientsNeedCertificates) throws IOException {
        var clients = clientsNeedCertificates ? Optional.of(ours.certificate()) : Optional.<Path>empty();
        var files = new TlsFiles(node.certificate(), node.key(), clients, Optional.empty());
        var context = NodeTls.load(files, Clock.systemUTC()).server().context();
        var secured = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0);
        secured.setNeedClientAuth(clientsNeedCertificates);
        server = secured;
        var answering = new Thread(this::answer, "answers");
        answering.setDaemon(true);
        answering.start();
    }

    private void answer() {
        while (!server.isClosed()) {
            try (var connection = (SSLSocket) server.accept()) {
                shakeHands(connection);
            } catch (IOException over) {
                // The client has gone, or the test is over.
            }
        }
    }

    private void shakeHands(SSLSocket connection) throws IOException {
        var host = connection.getLocalAddress().getHostAddress();
        try {
            connection.setSoTimeout(10_000);
            connection.startHandshake();
            handshakes.add(host + " done");
        } catch (IOException refused) {
            handshakes.add(host + " refused");
        }
        connection.getOutputStream().write(0);
    }

    private void check(String host, SSLContext context) {
        GrpcProbe.encrypted(context).check(host + ":" + server.getLocalPort(), "");
    }

    private static SSLContext trusting(LocalAuthority authority, @Nullable Issued shown) {
        return NodeTls.forClient(
                authority.certificate(),
                shown == null ? null : shown.certificate(),
                shown == null ? null : shown.key(),
                Clock.systemUTC());
    }

    @Test
    void aNodeWithACertificateOfItsNameIsTrusted() throws IOException {
        serve(false);

        assertThatCode(() -> check("localhost", trusting(ours, null))).doesNotThrowAnyException();
        assertThatCode(() -> check("127.0.0.1", trusting(ours, null))).doesNotThrowAnyException();
    }

    @Test
    void aNodeOfAnotherAuthorityOrAnotherNameIsNot() throws IOException {
        serve(false);

        assertThatThrownBy(() -> check("localhost", trusting(theirs, null)))
                .isInstanceOf(NodeFailure.class)
                .hasMessageContaining("no TLS with localhost:");
        assertThatThrownBy(() -> check("127.0.0.2", trusting(ours, null)))
                .isInstanceOf(NodeFailure.class)
                .hasMessageContaining("no TLS with 127.0.0.2:");
    }

    @Test
    void aMissingCertificateOfTheClientIsFoundAtOnce() throws IOException {
        serve(true);

        assertThatCode(() -> check("localhost", trusting(ours, client))).doesNotThrowAnyException();
        assertThatThrownBy(() -> check("localhost", trusting(ours, null)))
                .isInstanceOf(NodeFailure.class)
                .hasMessageContaining("no TLS with localhost:")
                .hasMessageContaining("--cert-key");
    }

    @Test
    void aNodeThatSpeaksPlainTextIsNotTrusted() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var answering = new Thread(() -> {
            try (var connection = server.accept()) {
                connection.getOutputStream().write(new byte[64]); // as the first frame of HTTP/2
                connection.getInputStream().readAllBytes();
            } catch (IOException over) {
                // The client has gone.
            }
        });
        answering.setDaemon(true);
        answering.start();

        assertThatThrownBy(() -> check("127.0.0.1", trusting(ours, null)))
                .isInstanceOf(NodeFailure.class)
                .hasMessageContaining("no TLS with 127.0.0.1:");
    }

    /** As it may look if a node refuses a certificate: it closes, and its reason is lost. */
    @Test
    void aNodeThatCutsTheHandshakeIsNotOneThatDoesNotAnswer() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var answering = new Thread(() -> {
            try (var connection = server.accept()) {
                var unused = connection.getInputStream().read(); // the handshake has begun: the client is connected
                connection.setSoLinger(true, 0); // a close is a reset
            } catch (IOException over) {
                // The client has gone.
            }
        });
        answering.setDaemon(true);
        answering.start();

        assertThatThrownBy(() -> check("127.0.0.1", trusting(ours, client)))
                .isInstanceOf(NodeFailure.class)
                .hasMessageContaining("no TLS with 127.0.0.1:")
                .hasMessageContaining("--cert-key");
    }

    /** The same of the Java client, by what the server sees. */
    @Test
    void theJavaClientTrustsThatNameAlone() throws Exception {
        serve(false);

        assertThat(handshakeOfClient("127.0.0.1")).isEqualTo("127.0.0.1 done");
        assertThat(handshakeOfClient("127.0.0.2")).isEqualTo("127.0.0.2 refused");
    }

    private @Nullable String handshakeOfClient(String host) throws InterruptedException {
        var options = ClientOptions.builder()
                .endpoint(host + ":" + server.getLocalPort())
                .closeTimeout(Duration.ofMillis(1))
                .tls(TlsOptions.trusting(ours.certificate()))
                .build();
        try (var connecting = SeawallClient.connect(options)) {
            var unused = connecting.writer("orders-0").append("value"); // in vain, as the server knows no HTTP/2
            var handshake = handshakes.poll(30, TimeUnit.SECONDS);
            while (handshake != null && !handshake.startsWith(host)) { // of the client before this one
                handshake = handshakes.poll(30, TimeUnit.SECONDS);
            }
            return handshake;
        }
    }
}
