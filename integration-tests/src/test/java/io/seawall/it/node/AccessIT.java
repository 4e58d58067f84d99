package io.seawall.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.client.ClientOptions;
import io.seawall.client.SeawallClient;
import io.seawall.client.log.Codes;
import io.seawall.client.log.ReaderOptions;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.StartPosition;
import io.seawall.it.kit.CliRun;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of two nodes with an access file, on a real broker. Most of its time is that of commands, each a process. */
@Tag("full")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AccessIT {
    private static final int LOGS = 2; // one for each node
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;

    private static TestKafka kafka;
    private static Path access;
    private static NodeProcess one;
    private static NodeProcess two;

    @BeforeAll
    static void start() throws Exception {
        kafka = TestKafka.start();
        access = folder.resolve("access.jsonl");
        create("root", "append:*", "read:*", "trim:*", "admin:*");
        create("node", "admin:*");
        create("writer", "append:orders");
        create("reader", "read:orders");
        create("client", "append:orders", "read:orders");
        one = node("n1");
        two = node("n2");
        assertThat(by("root", one, "topics", "create", "orders", "--pchannels", Integer.toString(LOGS))
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

    /** Makes a token, as an operator does, and keeps it in a file with the caller's name. */
    private static void create(String name, String... rights) throws Exception {
        var arguments = new ArrayList<>(List.of("token", "create", name, "--file", access.toString()));
        for (var right : rights) {
            arguments.addAll(List.of("--right", right));
        }
        var created = run(Path.of("/dev/null"), folder.resolve(name), arguments);
        assertThat(created.exitCode()).as(created.err()).isZero();
    }

    private static String token(String name) throws Exception {
        return Files.readString(folder.resolve(name)).strip();
    }

    private static NodeProcess node(String id) {
        return NodeProcess.start(Spec.of(
                id,
                kafka.bootstrapServers(),
                folder.resolve(id),
                "prefix=" + kafka.prefix(),
                "flush.enabled=false",
                "access.file=" + access,
                "access.node.token.file=" + folder.resolve("node"),
                "reload.ms=100"));
    }

    private static String get(NodeProcess node, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(node.url() + path))
                .header("Authorization", "Bearer " + token("root"))
                .build();
        return HTTP.send(request, BodyHandlers.ofString()).body();
    }

    private static boolean owns(NodeProcess node) throws Exception {
        return get(node, "/v1/pchannels?scope=node").contains("\"state\":\"available\"");
    }

    private static boolean isLinked(NodeProcess node) throws Exception {
        return get(node, "/metrics").contains("seawall_peers_connected 1.0");
    }

    private static CliRun.Result run(Path in, Path out, List<String> arguments) {
        return CliRun.run(in, out, arguments.toArray(String[]::new));
    }

    private static CliRun.Result by(String name, NodeProcess node, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--url", node.url(), "--token-file", folder.resolve(name).toString()));
        return run(Path.of("/dev/null"), folder.resolve("out"), all);
    }

    private static String out() throws Exception {
        return Files.readString(folder.resolve("out"));
    }

    @Test
    void commandsDoWhatTheirTokenAllowsOnEachNode() throws Exception {
        for (var log = 0; log < LOGS; log++) {
            var name = "orders-" + log;

            var appended = by("writer", one, "append", name, "by the command line");
            var read = by("reader", two, "read", name, "--from", "oldest", "--until-tail");

            assertThat(appended.exitCode()).as(appended.err()).isZero();
            assertThat(read.exitCode()).as(read.err()).isZero();
            assertThat(out()).contains("by the command line");
            assertThat(by("reader", one, "append", name, "no").err()).contains("FORBIDDEN", "append:orders");
            assertThat(by("writer", one, "read", name, "--until-tail").err()).contains("FORBIDDEN", "read:orders");
        }
    }

    /** These go over gRPC, whose address each node tells to known callers. */
    @Test
    void linesReachTheOwnerOfEachLogWithTheToken() throws Exception {
        var lines = Files.writeString(folder.resolve("lines"), "a line\nanother line\n");
        for (var log = 0; log < LOGS; log++) {
            var arguments = List.of(
                    "append",
                    "orders-" + log,
                    "--lines",
                    "--url",
                    one.url(),
                    "--token-file",
                    folder.resolve("writer").toString());

            var appended = run(lines, folder.resolve("out"), arguments);

            assertThat(appended.exitCode()).as(appended.err()).isZero();
        }
        var refused = run(
                lines,
                folder.resolve("out"),
                List.of(
                        "append",
                        "orders-0",
                        "--lines",
                        "--url",
                        one.url(),
                        "--token-file",
                        folder.resolve("reader").toString()));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("append:orders");
    }

    @Test
    void commandsWithoutATokenAreRefused() {
        var refused = run(Path.of("/dev/null"), folder.resolve("out"), List.of("status", "--url", one.url()));

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("UNAUTHENTICATED", "--token-file");
    }

    @Test
    void statusShowsACallerWhatItMayRead() throws Exception {
        var known = by("reader", one, "status");
        assertThat(known.exitCode()).as(known.err()).isZero();
        assertThat(out()).contains("orders-0", "orders-1");

        assertThat(by("writer", one, "status").exitCode()).isZero();
        assertThat(out()).doesNotContain("orders-0");
    }

    @Test
    void theClusterIsForItsAdministrators() throws Exception {
        assertThat(by("reader", one, "freeze", "--reason", "test").err()).contains("FORBIDDEN", "admin:*");
        var frozen = by("root", one, "freeze", "--reason", "test");
        assertThat(frozen.exitCode()).as(frozen.err()).isZero();
        assertThat(by("root", two, "thaw").exitCode()).isZero();
        assertThat(by("reader", two, "topics", "delete", "orders", "--confirm", "orders")
                        .err())
                .contains("FORBIDDEN", "admin:orders");
        assertThat(one.log() + two.log())
                .contains("audit refused caller=\"reader\"", "audit done caller=\"root\"")
                .doesNotContain(token("root"), token("reader"), token("node"));
    }

    @Test
    void theClientEndsWhenItsTokenIsRevoked() throws Exception {
        var secret = token("client");
        var options =
                ClientOptions.builder().endpoint(one.grpc()).token(() -> secret).build();
        try (var seawall = SeawallClient.connect(options);
                var writer = seawall.writer("orders-0");
                var reader = seawall.reader("orders-0", StartPosition.oldest(), ReaderOptions.defaults())) {
            var first = writer.append("first").join();
            Awaitility.await("the reader is at the tail").until(() -> {
                var unused = reader.poll(Duration.ofMillis(100));
                return reader.next() > first.lsn();
            });

            var revoked = run(
                    Path.of("/dev/null"),
                    folder.resolve("out"),
                    List.of("token", "revoke", "client", "--file", access.toString()));
            assertThat(revoked.exitCode()).as(revoked.err()).isZero();

            assertThatThrownBy(() -> {
                        while (true) {
                            var unused = reader.poll(Duration.ofSeconds(1));
                        }
                    })
                    .isInstanceOfSatisfying(
                            SeawallException.class,
                            error -> assertThat(error.code()).isEqualTo(Codes.UNAUTHENTICATED));
            Awaitility.await("each node has read the file")
                    .untilAsserted(() -> assertThatThrownBy(
                                    () -> writer.append("late").join())
                            .satisfies(thrown -> assertThat(
                                            SeawallException.from(thrown).code())
                                    .isIn(Codes.UNAUTHENTICATED, Codes.CLOSED)));
        }
    }
}
