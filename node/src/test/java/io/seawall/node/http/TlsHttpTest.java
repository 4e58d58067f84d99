package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.seawall.node.tls.NodeTls;
import io.seawall.node.tls.TestCertificates;
import io.seawall.node.tls.TestTls;
import io.seawall.node.tls.TlsFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP over TLS, on real sockets. */
@Timeout(120)
class TlsHttpTest {
    private static final String GET = "GET /v1/pchannels HTTP/1.1\r\nHost: localhost\r\n";

    @TempDir
    private Path folder;

    private TlsFolder files;

    @SuppressWarnings("NullAway.Init") // each test begins with one of the methods that set it
    private NodeTls tls;

    @SuppressWarnings("NullAway.Init") // each test begins with one of the methods that set it
    private HttpFixture http;

    @BeforeEach
    void create() {
        files = new TlsFolder(folder);
    }

    @AfterEach
    void close() {
        http.close();
    }

    private void serve() {
        tls = files.load();
        http = HttpFixture.withTls(HttpFixture.settings(), tls.server());
    }

    private void serveMutual() {
        tls = files.loadMutual();
        http = HttpFixture.withTls(HttpFixture.settings(), tls.server());
    }

    private static SSLContext anyone() {
        return TestTls.client(TestCertificates.OURS, null);
    }

    private SSLSocket connect(SSLContext context) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", http.server.port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Sends a request on a connection of its own, which is closed after it, and returns the answer. */
    private String answer(SSLContext context) throws IOException {
        try (var socket = connect(context)) {
            socket.getOutputStream().write((GET + "Connection: close\r\n\r\n").getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /** Returns the subject of the certificate that the server shows now. */
    private String shown() throws IOException {
        try (var socket = connect(anyone())) {
            var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void servesTls(String version) throws IOException {
        serve();

        try (var socket = connect(anyone())) {
            socket.setEnabledProtocols(new String[] {version});
            socket.getOutputStream().write((GET + "Connection: close\r\n\r\n").getBytes(UTF_8));

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 200 OK");
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void theJdksClientIsServed() throws Exception {
        serveMutual();
        var client = HttpClient.newBuilder()
                .sslContext(TestTls.client(TestCertificates.OURS, TestCertificates.CLIENT))
                .build();

        var answer = client.send(http.request("/v1/pchannels").build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void plainTextGetsNoAnswer() throws IOException {
        serve();

        assertThat(http.raw(GET + "\r\n")).doesNotContain("HTTP/", "orders");
    }

    @Test
    void aClientThatTrustsOthersRefusesTheNode() {
        serve();

        assertThatThrownBy(() -> answer(TestTls.client(TestCertificates.THEIRS, null)))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void aClientWithACertificateIsServed() throws IOException {
        serveMutual();

        assertThat(answer(TestTls.client(TestCertificates.OURS, TestCertificates.CLIENT)))
                .startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void clientsWithoutAGoodCertificateAreRefused() {
        serveMutual();

        assertThatThrownBy(() -> answer(anyone())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> answer(TestTls.client(TestCertificates.OURS, TestCertificates.STRANGER)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> answer(TestTls.client(TestCertificates.OURS, TestCertificates.EXPIRED)))
                .isInstanceOf(IOException.class);
        assertThat(http.metrics.scrape()).doesNotContain("route=\"/v1/pchannels\"");
    }

    @Test
    void anotherCaOfClientsHoldsFromTheNextHandshakeOn() throws IOException {
        serveMutual();
        files.trust(TestCertificates.THEIRS);

        tls.check();

        assertThat(answer(TestTls.client(TestCertificates.OURS, TestCertificates.STRANGER)))
                .startsWith("HTTP/1.1 200 OK");
        assertThatThrownBy(() -> answer(TestTls.client(TestCertificates.OURS, TestCertificates.CLIENT)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aRenewedCertificateIsShownAndOpenConnectionsStay() throws IOException {
        serve();
        try (var kept = connect(anyone())) {
            kept.getOutputStream().write((GET + "\r\n").getBytes(UTF_8));
            assertThat(Slowpokes.readUntil(kept, "]}\n")).startsWith("HTTP/1.1 200 OK");
            files.use(TestCertificates.RENEWED);

            tls.check();

            assertThat(shown()).isEqualTo("CN=renewed");
            kept.getOutputStream().write((GET + "\r\n").getBytes(UTF_8));
            assertThat(Slowpokes.readUntil(kept, "]}\n")).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aBrokenCertificateIsNotShown() throws IOException {
        serve();
        Files.writeString(files.certificate, "no certificate");

        tls.check();
        tls.check();

        assertThat(tls.refused()).isOne();
        assertThat(shown()).isEqualTo("CN=node");
    }

    /** Requests on kept connections and on new ones, while the certificate is replaced twenty times. */
    @Test
    void noRequestFailsWhileCertificatesAreReplaced() throws Exception {
        serve();
        var answered = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        var clients = Executors.newFixedThreadPool(4);
        try (var kept = connect(anyone())) {
            clients.execute(() -> untilInterrupted(answered, failures, () -> {
                kept.getOutputStream().write((GET + "\r\n").getBytes(UTF_8));
                return Slowpokes.readUntil(kept, "]}\n");
            }));
            for (var thread = 0; thread < 3; thread++) {
                clients.execute(() -> untilInterrupted(answered, failures, () -> answer(anyone())));
            }

            for (var round = 0; round < 20; round++) {
                files.use(round % 2 == 0 ? TestCertificates.RENEWED : TestCertificates.NODE);
                tls.check();
                var before = answered.get();
                await().until(() -> answered.get() >= before + 10 || !failures.isEmpty());
                assertThat(shown()).isEqualTo(round % 2 == 0 ? "CN=renewed" : "CN=node");
            }
            clients.shutdownNow();
            assertThat(clients.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            clients.shutdownNow();
        }
        assertThat(failures).isEmpty();
    }

    private interface Request {
        String send() throws IOException;
    }

    private static void untilInterrupted(AtomicInteger answered, Queue<Throwable> failures, Request request) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                assertThat(request.send()).startsWith("HTTP/1.1 200 OK");
                answered.incrementAndGet();
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    /** The network can put such a page into the browser of somebody who has a certificate. */
    @Test
    void aPageInPlainTextIsNoneOfTheNode() throws IOException {
        serve();
        var host = "127.0.0.1:" + http.server.port();

        assertThat(answerToPage("https://" + host, host)).startsWith("HTTP/1.1 200 OK");
        assertThat(answerToPage("http://" + host, host)).startsWith("HTTP/1.1 403 ");
    }

    private String answerToPage(String origin, String host) throws IOException {
        try (var socket = connect(anyone())) {
            var head = "GET /v1/pchannels HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin + "\r\n";
            socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void aConnectionCountsOnce() throws IOException {
        serve();
        try (var socket = connect(anyone())) {
            socket.startHandshake();

            await().until(() -> http.metrics.scrape().contains("seawall_http_connections 1.0"));
        }
        await().until(() -> http.metrics.scrape().contains("seawall_http_connections 0.0"));
    }

    @Test
    void aHandshakeThatDoesNotComeEndsTheConnection() throws IOException {
        tls = files.load();
        var limits =
                new HttpSettings.Connections(10, 10, 10, Duration.ofMillis(300), Duration.ofSeconds(10), 1 << 10, 100);
        http = HttpFixture.withTls(HttpFixture.settings().with(limits), tls.server());

        try (var socket = new Socket(InetAddress.getLoopbackAddress(), http.server.port())) {
            socket.setSoTimeout(30_000);

            var end = socket.getInputStream().readAllBytes();

            assertThat(end).as("at most a goodbye of TLS").hasSizeLessThan(100);
        }
    }
}
