package io.seawall.cli.client;

import static io.seawall.cli.Cli.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.cli.command.ExitCode;
import io.seawall.kafkalocal.LocalAuthority;
import io.seawall.node.config.TlsFiles;
import io.seawall.node.tls.NodeTls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a server with TLS. */
class TlsOptionsTest {
    private static final byte[] HANDSHAKE = {22, 3}; // how TLS begins

    @TempDir
    private static Path folder;

    private static LocalAuthority authority;
    private static ServerSocket server;
    private static String port;
    private static volatile String grpc = ""; // what the server says about its gRPC address

    @BeforeAll
    static void serve() throws IOException {
        authority = LocalAuthority.create(folder.resolve("ca"));
        var own = authority.issue("node");
        var tls = NodeTls.load(
                new TlsFiles(own.certificate(), own.key(), Optional.empty(), Optional.empty()), Clock.systemUTC());
        server = tls.server().context().getServerSocketFactory().createServerSocket(0);
        port = ":" + server.getLocalPort();
        var answering = new Thread(TlsOptionsTest::answer, "answers");
        answering.setDaemon(true);
        answering.start();
    }

    /** Answers each request with an empty list. */
    private static void answer() {
        while (!server.isClosed()) {
            try (var connection = server.accept()) {
                connection.setSoTimeout(10_000);
                var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
                for (var line = in.readLine(); line != null && !line.isEmpty(); ) {
                    line = in.readLine();
                }
                var body = "{\"topics\":[],\"grpc\":\"" + grpc + "\"}";
                connection
                        .getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n"
                                        + body)
                                .getBytes(StandardCharsets.UTF_8));
            } catch (IOException refused) {
                // The client does not trust this one, or speaks no TLS, or the test is over.
            }
        }
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void trustsTheNamedAuthority() {
        var outcome = run("topics", "list", "--url", "https://localhost" + port, "--ca", ca());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
    }

    private static String ca() {
        return authority.certificate().toString();
    }

    @Test
    void saysWhichOptionsAreThereWhenItDoesNotTrustTheNode() {
        var outcome = run("topics", "list", "--url", "https://localhost" + port);

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.err()).contains("NO_CONNECTION", "no TLS with https://localhost" + port, "--ca");
    }

    @Test
    void saysThatAnAddressWithoutTlsIsTheWrongOne() {
        var outcome = run("topics", "list", "--url", "http://localhost" + port);

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void namesAFileThatCannotBeUsed() {
        var outcome = run("topics", "list", "--url", "https://localhost" + port, "--ca", "no-such-file.pem");

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.err()).contains("no-such-file.pem", "no such file");
    }

    @Test
    void aNodeWithTlsTellsTheAddressOfItsGrpcWhichIsNotUsedWithoutTls() throws IOException {
        try (var plain = new ServerSocket(0)) {
            grpc = "localhost:" + plain.getLocalPort();
            var received = received(plain);

            var outcome = run("read", "orders-0", "--url", "https://localhost" + port, "--ca", ca());

            assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
            assertThat(outcome.err()).contains("NO_CONNECTION", "no TLS with " + grpc);
            assertThat(received.join()).startsWith(HANDSHAKE);
        }
    }

    @Test
    void aGivenAddressOfGrpcIsEncryptedIfThereAreFilesForThat() throws IOException {
        try (var plain = new ServerSocket(0)) {
            var given = "localhost:" + plain.getLocalPort();
            var received = received(plain);

            var outcome = run("read", "orders-0", "--grpc", given, "--ca", ca());

            assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
            assertThat(outcome.err()).contains("NO_CONNECTION", "no TLS with " + given);
            assertThat(received.join()).startsWith(HANDSHAKE);
        }
    }

    /** Returns the first bytes that a server without TLS gets; answers them with something else than TLS. */
    private static CompletableFuture<byte[]> received(ServerSocket plain) {
        return CompletableFuture.supplyAsync(() -> {
            try (var connection = plain.accept()) {
                var first = connection.getInputStream().readNBytes(2);
                connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                return first;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void aCertificateNeedsItsKey() {
        var outcome = run("topics", "list", "--url", "https://localhost" + port, "--ca", ca(), "--cert", ca());

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.err()).contains("--cert-key");
    }
}
