package io.seawall.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.client.ClientOptions;
import io.seawall.client.SeawallClient;
import io.seawall.client.TlsOptions;
import io.seawall.client.log.ReaderOptions;
import io.seawall.client.log.StartPosition;
import io.seawall.it.kit.CliRun;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.kafkalocal.LocalAuthority;
import io.seawall.kafkalocal.LocalAuthority.Issued;
import io.seawall.node.tls.NodeTls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of two nodes with TLS, whose clients need certificates, on a real broker. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsIT {
    private static final int LOGS = 2; // one for each node

    @TempDir
    private static Path folder;

    private static TestKafka kafka;
    private static LocalAuthority authority;
    private static Issued client;
    private static Path certificate;
    private static Path key;
    private static NodeProcess one;
    private static NodeProcess two;

    @BeforeAll
    static void start() throws Exception {
        kafka = TestKafka.start();
        authority = LocalAuthority.create(folder.resolve("ca"));
        client = authority.issue("client");
        certificate = folder.resolve("node.pem");
        key = folder.resolve("node.key.pem");
        replace(authority.issue("node"));
        one = node("n1");
        two = node("n2");
        assertThat(seawall(one, "topics", "create", "orders", "--pchannels", Integer.toString(LOGS))
                        .exitCode())
                .isZero();
        Awaitility.await("both nodes have logs, and a link to each other")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> owns(one) && owns(two) && isLinked(one) && isLinked(two));
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
        kafka.close();
    }

    private static void replace(Issued issued) throws Exception {
        Files.copy(issued.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(issued.key(), key, StandardCopyOption.REPLACE_EXISTING);
    }

    private static NodeProcess node(String id) {
        return NodeProcess.start(Spec.of(
                id,
                kafka.bootstrapServers(),
                folder.resolve(id),
                "prefix=" + kafka.prefix(),
                "flush.enabled=false",
                "tls.certificate=" + certificate,
                "tls.key=" + key,
                "tls.client.ca=" + authority.certificate(),
                "tls.ca=" + authority.certificate(),
                "reload.ms=100"));
    }

    private static String get(NodeProcess node, String path) throws Exception {
        var context = NodeTls.forClient(authority.certificate(), client.certificate(), client.key(), Clock.systemUTC());
        var http = HttpClient.newBuilder().sslContext(context).build();
        var request = HttpRequest.newBuilder(URI.create(node.url() + path)).build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private static boolean owns(NodeProcess node) throws Exception {
        return get(node, "/v1/pchannels?scope=node").contains("\"state\":\"available\"");
    }

    private static boolean isLinked(NodeProcess node) throws Exception {
        return get(node, "/metrics").contains("seawall_peers_connected 1.0");
    }

    /** Runs a command with the client's certificate. */
    private static CliRun.Result seawall(NodeProcess node, String... arguments) throws Exception {
        return run(Files.createTempFile(folder, "in", ""), node, withCertificate(arguments));
    }

    private static CliRun.Result anonymous(NodeProcess node, String... arguments) throws Exception {
        return run(Files.createTempFile(folder, "in", ""), node, List.of(arguments));
    }

    private static List<String> withCertificate(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--cert",
                client.certificate().toString(),
                "--cert-key",
                client.key().toString()));
        return all;
    }

    private static CliRun.Result run(Path in, NodeProcess node, List<String> arguments) {
        var all = new ArrayList<>(arguments);
        all.addAll(List.of("--url", node.url(), "--ca", authority.certificate().toString()));
        return CliRun.run(in, folder.resolve("out"), all.toArray(String[]::new));
    }

    @Test
    void commandsFollowRedirectsToTheOwnerOfEachLog() throws Exception {
        for (var log = 0; log < LOGS; log++) {
            var name = "orders-" + log;

            var appended = seawall(one, "append", name, "by the command line");
            var read = seawall(two, "read", name, "--from", "oldest", "--until-tail");

            assertThat(appended.err()).isEmpty();
            assertThat(read.exitCode()).isZero();
            assertThat(folder.resolve("out")).content().contains("by the command line");
        }
    }

    /** These go over gRPC, whose address each node tells over https. */
    @Test
    void linesReachTheOwnerOfEachLog() throws Exception {
        for (var log = 0; log < LOGS; log++) {
            var name = "orders-" + log;
            var lines = Files.writeString(folder.resolve("lines"), "a line\nanother line\n");

            var appended = run(lines, one, withCertificate("append", name, "--lines"));
            var read = seawall(two, "read", name, "--from", "oldest", "--until-tail");

            assertThat(appended.exitCode()).as(appended.err()).isZero();
            assertThat(read.exitCode()).as(read.err()).isZero();
            assertThat(folder.resolve("out")).content().contains("a line\nanother line\n");
        }
    }

    @Test
    void linesOfACommandWithoutACertificateAreRefused() throws Exception {
        var lines = Files.writeString(folder.resolve("unsent"), "unsent\n");

        var given = run(lines, one, List.of("append", "orders-0", "--lines", "--grpc", one.grpc()));

        assertThat(given.exitCode()).isEqualTo(1);
        assertThat(given.err()).contains("no TLS with " + one.grpc(), "--cert");
    }

    @Test
    void aCommandWithoutACertificateIsRefused() throws Exception {
        var refused = anonymous(one, "status");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("--cert");
    }

    @Test
    void theClientWritesToAllLogsWhileTheCertificateIsReplaced() throws Exception {
        var tls = TlsOptions.trusting(authority.certificate()).withCertificate(client.certificate(), client.key());
        var options = ClientOptions.builder().endpoint(one.grpc()).tls(tls).build();
        try (var seawall = SeawallClient.connect(options)) {
            for (var log = 0; log < LOGS; log++) {
                var name = "orders-" + log;
                try (var writer = seawall.writer(name)) {
                    var first = writer.append("first").join();
                    replace(authority.issue("renewed-" + log));
                    var second = writer.append("second").join();

                    assertThat(second.lsn()).isEqualTo(first.lsn() + 1);
                    var untilTail = ReaderOptions.defaults().withUntilTail(true);
                    try (var reader = seawall.reader(name, StartPosition.lsn(first.lsn()), untilTail)) {
                        var values = new ArrayList<String>();
                        reader.forEach(read -> values.add(read.text()));
                        assertThat(values).contains("first", "second");
                    }
                }
            }
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> one.log().contains("changed files are in use"));
        assertThat(one.log()).doesNotContain("refused");
    }
}
