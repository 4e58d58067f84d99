package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.node.guard.AuditLines;
import io.seawall.node.guard.TestAccess;
import io.seawall.node.http.HttpFixture.Answer;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.peer.FakeClusterState;
import io.seawall.node.peer.PeerLinks;
import io.seawall.node.peer.PeerLogin;
import io.seawall.node.tls.TestCertificates;
import io.seawall.node.tls.TestTls;
import io.seawall.node.tls.TlsFolder;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.TopicSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what over HTTP. */
@Timeout(60)
class AccessHttpTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final String RECORDS = "/v1/pchannels/orders-0/records";

    @TempDir
    private Path folder;

    private final AuditLines log = new AuditLines();

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestAccess access;

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpFixture http;

    @BeforeEach
    void serve() {
        access = new TestAccess(folder);
        http = HttpFixture.withAccess(access.guard, Optional.empty());
        http.node.create(TopicSpec.of("others", 1).withReplicationFactor(1));
    }

    @AfterEach
    void close() {
        http.close();
        log.close();
    }

    private HttpRequest.Builder by(String name, String path) {
        return http.request(path).header("Authorization", TestAccess.bearer(name));
    }

    private Answer get(String name, String path) {
        return http.send(by(name, path).GET());
    }

    private static HttpRequest.Builder json(HttpRequest.Builder request, String method, String body) {
        return request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body));
    }

    private static void assertRefused(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
        assertThat(answer.raw().headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.text("found")).isNotEmpty();
        assertThat(answer.text("expected")).isNotEmpty();
        assertThat(answer.text("detail")).contains("; ");
        assertThat(answer.raw().headers().firstValue("WWW-Authenticate").isPresent())
                .isEqualTo(status == 401);
        assertThat(answer.raw().headers().firstValue("Retry-After").isPresent()).isEqualTo(status == 503);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/openapi.json"})
    void healthAndTheDescriptionAreOpen(String path) {
        assertThat(http.get(path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metrics",
                "/version",
                "/v1/topics",
                "/v1/pchannels",
                "/v1/pchannels/orders-0",
                RECORDS,
                "/v1/pchannels/orders-0/segments",
                "/v1/pchannels/orders-0/explanation",
                "/v1/cluster",
                "/v1/cluster/events",
                "/v1/cluster/peers/n2"
            })
    void everythingElseNeedsACaller(String path) {
        assertRefused(http.send(http.request(path).header("Accept", "*/*").GET()), 401, "UNAUTHENTICATED");
        assertRefused(get("nobody", path), 401, "UNAUTHENTICATED");
    }

    @Test
    void headIsRefusedLikeGet() {
        var head = http.exchange(
                http.request("/v1/topics")
                        .method("HEAD", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.discarding());

        assertThat(head.statusCode()).isEqualTo(401);
    }

    @Test
    void anExpiredTokenIsRefused() {
        access.setUntil(Duration.ofMinutes(1), "guest", "read:*").reload();
        assertThat(get("guest", RECORDS).status()).isEqualTo(200);

        access.pass(Duration.ofMinutes(1));

        assertRefused(get("guest", RECORDS), 401, "UNAUTHENTICATED");
    }

    @Test
    void aRevokedTokenIsRefused() {
        assertThat(get("reader", RECORDS).status()).isEqualTo(200);

        access.revoke("reader").reload();

        assertRefused(get("reader", RECORDS), 401, "UNAUTHENTICATED");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /v1/pchannels/orders-0/records              |                          | reader",
                "GET    | /v1/pchannels/orders-0                      |                          | reader operator",
                "GET    | /v1/pchannels/orders-0/segments             |                          | reader operator",
                "GET    | /v1/pchannels/orders-0/explanation          |                          | reader operator",
                "POST   | /v1/pchannels/orders-0/records              | {\"records\":[{\"value\":1}]} | writer",
                "POST   | /v1/pchannels/orders-0/trim                 | {\"before\":0}           | trimmer",
                "POST   | /v1/pchannels/orders-0/flush                | {}                       | operator",
                "POST   | /v1/pchannels/orders-0/flush/pause          | {}                       | operator",
                "POST   | /v1/pchannels/orders-0/flush/resume         | {}                       | operator",
                "POST   | /v1/pchannels/orders-0/segments/verify      | {}                       | operator",
                "PUT    | /v1/pchannels/orders-0/assignment           | {\"term\":1,\"available\":true} | operator",
                "PUT    | /v1/pchannels/orders-0/pin                  | {\"node\":\"n1\"}        | operator",
                "DELETE | /v1/pchannels/orders-0/pin                  |                          | operator",
                "PUT    | /v1/pchannels/orders-0/freeze               | {\"reason\":\"x\"}       | operator",
                "DELETE | /v1/pchannels/orders-0/freeze               |                          | operator",
                "DELETE | /v1/pchannels/orders-0/quarantine           |                          | operator",
                "PUT    | /v1/topics/orders                           | {\"pchannels\":2}        | operator",
                "PUT    | /v1/topics/orders-new                       | {}                       | ''",
                "DELETE | /v1/nodes/n9                                |                          | ''",
                "PUT    | /v1/nodes/n1/drain                          | {}                       | ''",
                "DELETE | /v1/nodes/n1/drain                          |                          | ''",
                "PUT    | /v1/nodes/n1/freeze                         | {\"reason\":\"x\"}       | ''",
                "DELETE | /v1/nodes/n1/freeze                         |                          | ''",
                "PUT    | /v1/cluster/freeze                          | {\"reason\":\"x\"}       | ''",
                "DELETE | /v1/cluster/freeze                          |                          | ''",
                "POST   | /v1/cluster/hints                           | {\"node\":\"n2\",\"incarnation\":\"n2-1\",\"by\":\"n3\"} | ''",
                "GET    | /v1/cluster                                 |                          | ''",
                "GET    | /metrics                                    |                          | ''"
            })
    void eachRequestNeedsItsRight(String method, String path, @Nullable String body, String allowed) {
        for (var name : List.of("reader", "writer", "trimmer", "operator", "stranger")) {
            var answer = send(name, method, path, body);
            if (List.of(allowed.split(" ")).contains(name)) {
                assertThat(answer.status())
                        .as(name + ": " + answer.raw().body())
                        .isNotIn(401, 403);
            } else {
                assertRefused(answer, 403, "FORBIDDEN");
                assertThat(answer.text("found")).contains("caller '" + name + "'");
            }
        }
        assertThat(send("root", method, path, body).status()).isNotIn(401, 403, 503);
        assertRefused(http.send(json(http.request(path), method, body == null ? "" : body)), 401, "UNAUTHENTICATED");
    }

    private Answer send(String name, String method, String path, @Nullable String body) {
        return http.send(
                body == null
                        ? by(name, path).method(method, BodyPublishers.noBody())
                        : json(by(name, path), method, body));
    }

    @Test
    void anAppendOfLinesNeedsTheRightToo() {
        var lines = http.send(by("reader", RECORDS + "?format=text")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString("{\"value\":\"a\"}\n")));

        assertRefused(lines, 403, "FORBIDDEN");
        assertThat(http.node.logs.log(ORDERS).tail()).isZero();
    }

    @Test
    void deletingATopicNeedsItsAdministrator() {
        assertRefused(get("stranger", RECORDS), 403, "FORBIDDEN");
        assertRefused(
                http.send(by("operator", "/v1/topics/others?confirm=others").DELETE()), 403, "FORBIDDEN");

        assertThat(http.send(by("stranger", "/v1/topics/others?confirm=others").DELETE())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPathThatNamesNoLogIsAnErrorOfAKnownCallerAlone() {
        assertThat(get("reader", "/v1/pchannels/nonsense").status()).isEqualTo(400);
        assertThat(http.get("/v1/pchannels/nonsense").status()).isEqualTo(401);
    }

    @Test
    void listsShowWhatTheCallerMayRead() {
        assertThat(get("root", "/v1/topics").raw().body()).contains("orders", "others");
        assertThat(get("reader", "/v1/topics").raw().body()).contains("orders").doesNotContain("others");
        assertThat(get("stranger", "/v1/pchannels").raw().body())
                .contains("others")
                .doesNotContain("orders");
        assertThat(get("stranger", "/v1/pchannels?scope=node").raw().body()).doesNotContain("orders");
        assertThat(get("writer", "/v1/topics").json().path("topics")).isEmpty();
        assertThat(get("writer", "/v1/pchannels").json().path("pchannels")).isEmpty();
    }

    @Test
    void beyondTwentyRefusalsOnlyKnownCallersOfTheAddressAreAnswered() {
        for (var at = 0; at < 20; at++) {
            assertRefused(get("nobody", "/v1/topics"), 401, "UNAUTHENTICATED");
        }

        assertRefused(get("nobody", "/v1/topics"), 503, "OVERLOADED");
        assertThat(get("root", "/v1/topics").status()).isEqualTo(200);
        assertThat(http.get("/livez").status()).isEqualTo(200);

        access.pass(Duration.ofSeconds(1));
        assertRefused(get("nobody", "/v1/topics"), 401, "UNAUTHENTICATED");
        assertThat(http.metrics.scrape())
                .contains(
                        "seawall_access_refused_total{reason=\"unknown\"} 21.0",
                        "seawall_access_refused_total{reason=\"limited\"} 1.0");
    }

    @Test
    void theAuditLogHasRefusalsAndWhatOperatorsChange() {
        get("reader", RECORDS);
        send("trimmer", "POST", "/v1/pchannels/orders-0/trim", "{\"before\":0}");
        send("operator", "POST", "/v1/pchannels/orders-0/flush/pause", "{}");
        send("reader", "POST", "/v1/pchannels/orders-0/trim", "{\"before\":7}");
        http.get(RECORDS + "?pretty");

        await().untilAsserted(() -> assertThat(log.audit())
                .containsExactlyInAnyOrder(
                        "INFO done caller=trimmer address=127.0.0.1 operation=POST /v1/pchannels/orders-0/trim"
                                + " subject=orders result=status 200",
                        "INFO done caller=operator address=127.0.0.1 operation=POST"
                                + " /v1/pchannels/orders-0/flush/pause subject=orders result=status 200",
                        "WARN refused caller=reader address=127.0.0.1 operation=POST"
                                + " /v1/pchannels/orders-0/trim subject=orders result=forbidden",
                        "WARN refused caller=- address=127.0.0.1 operation=GET"
                                + " /v1/pchannels/orders-0/records subject=- result=missing"));
    }

    @Test
    void neitherLogsNorAnswersShowAToken() {
        var answers = List.of(
                get("nobody", RECORDS),
                get("writer", RECORDS),
                get("reader", RECORDS),
                http.send(http.request(RECORDS).header("Authorization", "Basic seawall_nobody")));

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.raw().body())
                        .doesNotContain("seawall_nobody", "seawall_writer", "seawall_reader"));
        assertThat(log.everything()).doesNotContain("seawall_nobody", "seawall_writer", "seawall_reader");
    }

    private BufferedReader follow(String name, String path, String type) {
        var response = http.exchange(by(name, path).header("Accept", type).build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(response.body(), UTF_8));
    }

    /** The first line is there, so the stream runs; returns the others, up to its end. */
    private String revokeAndReadRest(BufferedReader stream, String name) throws IOException {
        assertThat(stream.readLine()).isNotNull();
        access.revoke(name).reload();
        return String.join("\n", stream.lines().toList());
    }

    @RepeatedTest(3)
    void eventsEndWhenTheTokenIsRevoked() throws IOException {
        try (var events = follow("reader", RECORDS, "text/event-stream")) {
            assertThat(revokeAndReadRest(events, "reader")).contains("event: error", "\"code\":\"UNAUTHENTICATED\"");
        }
    }

    @Test
    void eventsEndWhenTheTokenExpires() throws IOException {
        access.setUntil(Duration.ofMinutes(1), "guest", "read:*").reload();
        try (var events = follow("guest", RECORDS, "text/event-stream")) {
            assertThat(events.readLine()).isNotNull();

            access.pass(Duration.ofMinutes(1));

            assertThat(String.join("\n", events.lines().toList()))
                    .contains("event: error", "\"code\":\"UNAUTHENTICATED\"", "which expired at");
        }
    }

    @Test
    void eventsEndWhenTheRightIsTaken() throws IOException {
        try (var events = follow("reader", RECORDS, "text/event-stream")) {
            assertThat(events.readLine()).isNotNull();

            access.set("reader", "read:others").reload();

            assertThat(String.join("\n", events.lines().toList())).contains("\"code\":\"FORBIDDEN\"");
        }
    }

    @RepeatedTest(3)
    void eventsOfTheClusterEndWhenTheTokenIsRevoked() throws IOException {
        try (var events = follow("root", "/v1/cluster/events", "text/event-stream")) {
            assertThat(revokeAndReadRest(events, "root")).contains("event: error", "\"code\":\"UNAUTHENTICATED\"");
        }
    }

    @RepeatedTest(3)
    void streamsOfOtherNodesEndWhenTheTokenIsRevoked() throws IOException {
        try (var lines = follow("root", "/v1/cluster/peers/n2", "application/x-ndjson")) {
            revokeAndReadRest(lines, "root"); // it ends as HTTP says, or this would fail
        }
    }

    @RepeatedTest(3)
    void appendsOfLinesEndWhenTheTokenIsRevoked() {
        try (var client = new DuplexClient(
                http.server.port(), RECORDS + "?format=text", "Authorization: " + TestAccess.bearer("writer"))) {
            client.send("{\"value\":\"a\"}\n");
            assertThat(client.line()).isNotNull();

            access.revoke("writer").reload();

            var rest = client.lines();
            assertThat(rest).hasSize(1);
            assertThat(rest.get(0).path("error").path("code").asText()).isEqualTo("UNAUTHENTICATED");
            assertThat(rest.get(0).path("error").path("line").asInt()).isEqualTo(2);
        }
    }

    @Test
    void streamsOfOthersGoOn() throws IOException {
        try (var events = follow("root", RECORDS, "text/event-stream")) {
            assertThat(events.readLine()).isNotNull();
            access.revoke("reader").reload();
            http.node.logs.log(ORDERS).append("a".getBytes(UTF_8)).join();

            assertThat(events.lines().anyMatch(line -> line.startsWith("id: 0")))
                    .isTrue();
        }
    }

    @Test
    void nodesFollowEachOtherWithATokenForEverything() {
        try (var metrics = new NodeMetrics(List::of)) {
            var other = new FakeClusterState(new Owner("n9", "n9-1"));
            var login = new PeerLogin(TestTls.sockets(), () -> Optional.of(TestAccess.token("root")), false);
            try (var links = new PeerLinks(other, true, metrics, new SplittableRandom(1), login)) {
                other.node("n1", "n1-1", "http://127.0.0.1:" + http.server.port());
                links.start();

                await().until(() -> metrics.scrape().contains("seawall_peers_connected 1.0"));
            }
        }
    }

    @Test
    void aCertificateWithAnEntryIsACallerAndOneWithoutIsNone() throws Exception {
        http.close();
        access.setSubject("client", "CN=client", "read:orders").reload();
        http = HttpFixture.withAccess(
                access.guard, Optional.of(new TlsFolder(folder).loadMutual().server()));
        var client = clientWith(TestCertificates.CLIENT);
        var stranger = clientWith(TestCertificates.RENEWED);

        assertThat(client.send(http.request(RECORDS).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        var forbidden = client.send(http.request("/v1/topics/orders").DELETE().build(), BodyHandlers.ofString());
        assertThat(forbidden.statusCode()).isEqualTo(403);
        var unknown = stranger.send(http.request(RECORDS).build(), BodyHandlers.ofString());
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.body()).contains("a certificate without an entry, of CN=renewed");
        var withToken = stranger.send(by("reader", RECORDS).build(), BodyHandlers.ofString());
        assertThat(withToken.statusCode()).isEqualTo(200);
    }

    private static HttpClient clientWith(io.seawall.kafkalocal.LocalAuthority.Issued shown) {
        return HttpClient.newBuilder()
                .sslContext(TestTls.client(TestCertificates.OURS, shown))
                .build();
    }
}
