package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page of another site may do with a node that the user's browser can reach: nothing, unless it is allowed. */
class CrossOriginHttpTest {
    private static final String RECORDS = "/v1/pchannels/orders-0/records";
    private static final String ALLOWED = "https://ops.example";
    private static final PChannel ORDERS = new PChannel("orders", 0);

    private HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    private void restart(String advertisedUrl, String... allowed) {
        http.close();
        http = new HttpFixture(HttpFixture.settings().with(new HttpSettings.Origins(advertisedUrl, Set.of(allowed))));
    }

    private HttpFixture.Answer send(String method, String path, String... headers) {
        return http.send(http.request(path).headers(headers).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void aPageOfAnotherSiteGetsNowhere() {
        for (var route : http.server.routes()) {
            var path = path(route.template()) + "?confirm=orders";

            var answer =
                    send(route.method(), path, "Origin", "http://evil.example", "Content-Type", "application/json");

            assertThat(answer.status()).as(route.toString()).isEqualTo(403);
            assertThat(answer.text("code")).isEqualTo("FORBIDDEN");
            assertThat(answer.text("detail")).contains("'http://evil.example'", "http.cors.origins");
            assertThat(answer.raw().headers().map()).doesNotContainKey("access-control-allow-origin");
        }
        assertThat(http.node.list()).hasSize(1);
        assertThat(http.node.paused).isEmpty();
        assertThat(http.cluster.commands).isEmpty();
        assertThat(http.get("/metrics").raw().body()).contains("seawall_http_refused_total{pool=\"origin\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "file://",
                "http://127.0.0.1",
                "http://127.0.0.1:1",
                "http://localhost.evil.example",
                "",
                "x"
            })
    void othersThatLookAsIfTheyWereNone(String origin) throws IOException {
        var answer = http.raw("POST /v1/pchannels/orders-0/flush/pause HTTP/1.1\r\nHost: 127.0.0.1:"
                + http.server.port() + "\r\nOrigin: " + origin + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 403 ");
        assertThat(http.node.paused).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:7070,    http://127.0.0.1:7070",
        "localhost:8080,    http://localhost:8080",
        "LocalHost:8080,    http://localhost:8080",
        "[::1]:7070,        http://[::1]:7070",
        "10.0.0.7,          http://10.0.0.7",
        "10.0.0.7:443,      https://10.0.0.7",
        "10.0.0.7:80,       http://10.0.0.7",
        "node-1.example,    https://node-1.example",
    })
    void aPageOfTheNodeItselfMayDoAnything(String host, String origin) throws IOException {
        restart("https://node-1.example");

        var answer = http.raw("POST /v1/pchannels/orders-0/flush/pause HTTP/1.1\r\nHost: " + host + "\r\nOrigin: "
                + origin + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ");
    }

    /** A foreign name that resolves to this node (DNS rebinding): the browser treats the page and the node as one site. */
    @Test
    void aNameThatIsNotTheNodesOwnDoesNotMakeAPageItsOwn() throws IOException {
        var other = "evil.example:7070";
        var answer = http.raw("POST /v1/pchannels/orders-0/flush/pause HTTP/1.1\r\nHost: " + other
                + "\r\nOrigin: http://" + other + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void twoOriginsAreNone() throws IOException {
        restart("", ALLOWED);

        for (var origins : new String[] {
            "Origin: " + ALLOWED + "\r\nOrigin: http://evil.example", "Origin: http://evil.example " + ALLOWED
        }) {
            assertThat(http.raw("GET /livez HTTP/1.1\r\nHost: x\r\n" + origins + "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void anAllowedPageMayReadAndWrite() {
        restart("", ALLOWED, "http://other.example:81");

        var preflight = send(
                "OPTIONS",
                RECORDS,
                "Origin",
                ALLOWED,
                "Access-Control-Request-Method",
                "PUT",
                "Access-Control-Request-Headers",
                "content-type,idempotency-key");
        var append = http.send(http.request(RECORDS)
                .headers("Origin", ALLOWED, "Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofString("x")));
        var read = send("GET", RECORDS, "Origin", ALLOWED);
        var missing = send("GET", "/v1/pchannels/nowhere-0", "Origin", ALLOWED);

        assertThat(preflight.status()).isEqualTo(200);
        assertThat(header(preflight, "Access-Control-Allow-Methods")).contains("GET", "HEAD", "POST", "PUT", "DELETE");
        assertThat(header(preflight, "Access-Control-Allow-Headers"))
                .contains("Content-Type", "Idempotency-Key", "Last-Event-ID");
        assertThat(append.status()).isEqualTo(200);
        assertThat(read.json().path("next").asLong()).isEqualTo(1);
        assertThat(missing.status()).isEqualTo(404);
        for (var answer : new HttpFixture.Answer[] {preflight, append, read, missing}) {
            assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(ALLOWED);
            assertThat(header(answer, "Vary")).contains("Origin");
            assertThat(answer.raw().headers().map()).doesNotContainKey("access-control-allow-credentials");
        }
        assertThat(header(read, "Access-Control-Expose-Headers")).contains("Location", "Retry-After");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://ops.example", "https://ops.example:444", "https://ops.example.evil.example",
                "https://evil.example/?https://ops.example", "https://opsXexample", "null"
            })
    void anotherPageThanTheAllowedOneIsRefusedAlsoItsPreflight(String origin) {
        restart("", ALLOWED);

        var read = send("GET", RECORDS, "Origin", origin);
        var preflight = send("OPTIONS", RECORDS, "Origin", origin, "Access-Control-Request-Method", "PUT");

        assertThat(read.status()).isEqualTo(403);
        assertThat(preflight.status()).isEqualTo(403);
        assertThat(preflight.raw().headers().map()).doesNotContainKey("access-control-allow-origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://any.example", "null"})
    void aStarAllowsEveryPage(String origin) {
        restart("", "*");

        var read = send("GET", RECORDS, "Origin", origin);

        assertThat(read.status()).isEqualTo(200);
        assertThat(header(read, "Access-Control-Allow-Origin")).isEqualTo(origin);
    }

    @Test
    void aProgramWithoutAnOriginIsNoPage() {
        assertThat(send("POST", "/v1/pchannels/orders-0/flush", "Accept", "*/*").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain", "text/plain;charset=utf-8", "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x", "application/octet-stream", "application/xml"
            })
    void aTypeThatAPageMaySendUnaskedIsRefusedByEveryChange(String type) {
        for (var route : http.server.routes()) {
            var path = path(route.template()) + "?confirm=orders";
            if (!route.method().equals("GET") && !path.startsWith(RECORDS)) {
                path = path.contains("topics") && route.method().equals("DELETE")
                        ? path
                        : path.replaceFirst("\\?.*", "");
                for (var body : new String[] {"", "{}", "x"}) {
                    var answer = http.send(http.request(path)
                            .header("Content-Type", type)
                            .method(route.method(), HttpRequest.BodyPublishers.ofString(body)));
                    assertThat(answer.status()).as(route + " " + body).isEqualTo(415);
                }
            }
        }
        assertThat(http.node.list()).hasSize(1);
        assertThat(http.node.paused).isEmpty();
        assertThat(Objects.requireNonNull(http.node.owners.get(ORDERS), "there is an owner")
                        .term())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/pchannels/orders-0/flush",
        "POST, /v1/pchannels/orders-0/flush/pause",
        "POST, /v1/pchannels/orders-0/flush/resume",
        "POST, /v1/pchannels/orders-0/segments/verify",
        "DELETE, /v1/nodes/n2/drain",
        "DELETE, /v1/pchannels/orders-0/pin",
        "DELETE, /v1/cluster/freeze",
        "DELETE, /v1/topics/orders?confirm=orders",
    })
    void aChangeThatTakesNothingRefusesABodyThatSaysSomething(String method, String path) {
        for (var body : new String[] {"{\"segments\":true}", "[]", "x", "{} {}"}) {
            var answer = http.send(http.request(path)
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body)));
            assertThat(answer.status()).as(body).isEqualTo(400);
        }
        assertThat(http.send(http.request(path).method(method, HttpRequest.BodyPublishers.ofString("{}")))
                        .status())
                .as("a body without a type")
                .isEqualTo(415);
        assertThat(http.node.list()).hasSize(1);
        assertThat(http.node.paused).isEmpty();

        assertThat(http.send(http.request(path)
                                .header("Content-Type", "application/json")
                                .method(method, HttpRequest.BodyPublishers.ofString("{}")))
                        .status())
                .isEqualTo(200);
    }

    private static String path(String template) {
        return template.replace("{p}", "orders-0")
                .replace("{topic}", "orders")
                .replace("{n}", "n2")
                .replace("{node}", "n2");
    }

    private static String header(HttpFixture.Answer answer, String name) {
        return answer.raw().headers().firstValue(name).orElse("");
    }
}
