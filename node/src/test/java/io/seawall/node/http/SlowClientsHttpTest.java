package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.wal.PChannel;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that send or read a byte now and then, or nothing, do not keep other clients from being answered, and are
 * disconnected.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowClientsHttpTest {
    private static final String RECORDS = "/v1/pchannels/orders-0/records";
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final String SLOW_POST = "POST " + RECORDS + " HTTP/1.1\r\nHost: x\r\n"
            + "Content-Type: application/octet-stream\r\nContent-Length: 100\r\n\r\nab";
    private static final String LIVEZ = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String LIVE = "{\"live\":true}\n";

    private HttpFixture http = new HttpFixture();
    private final Slowpokes slow = new Slowpokes();

    @AfterEach
    void close() {
        slow.close();
        http.close();
    }

    @Test
    void aThousandSlowPostsDoNotMakeTheNodeDeaf() {
        // Given more requests than the node accepts connections, each with 2 of 100 bytes
        for (var at = 0; at < 1_050; at++) {
            slow.begin(
                    http.server.port(),
                    "POST " + RECORDS + " HTTP/1.1\r\nHost: x\r\n"
                            + "Content-Type: application/octet-stream\r\nContent-Length: 100\r\n\r\nab");
        }

        // Then probes from the same address are answered, and all requests from other addresses
        for (var path : new String[] {"/livez", "/readyz", "/metrics"}) {
            assertThat(slow.ask(
                            http.server.port(), "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
        }
        var append = http.client.sendAsync(
                http.request(RECORDS)
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(append.orTimeout(60, TimeUnit.SECONDS).join().statusCode()).isEqualTo(200);
    }

    /** Restarts the server so that a head may take 300 ms, and a body 300 ms plus the time of its bytes at this rate. */
    private void impatient() {
        impatient(1_000);
    }

    private void impatient(long bytesPerSecond) {
        var limit = Duration.ofMillis(300);
        restart(new HttpSettings.Connections(1_024, 1_024, 64, limit, limit, bytesPerSecond, 1_024));
    }

    private void restart(HttpSettings.Connections limits) {
        http.close();
        http = new HttpFixture(HttpFixture.settings().with(limits));
    }

    private Socket begin(String beginning) {
        return slow.begin(http.server.port(), beginning);
    }

    private String metrics() {
        return http.metrics.scrape();
    }

    /** Opens slow posts and waits until they have their places: Jetty opens connections on several threads, in any order. */
    private void openSlowPosts(int count) {
        IntStream.range(0, count).forEach(at -> begin(SLOW_POST));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(metrics()).contains("\nseawall_http_connections " + count + ".0\n"));
    }

    @Test
    void aBodyThatStopsIsEnded() {
        impatient();

        var answer = Slowpokes.readToEnd(begin(SLOW_POST));

        assertThat(answer)
                .startsWith("HTTP/1.1 408 ")
                .contains("Connection: close", "\"code\":\"INVALID\"", "1000 bytes a second", "http.min.rate.bytes");
        assertThat(http.node.logs.log(ORDERS).tail()).isZero();
        assertThat(metrics()).contains("seawall_http_slow_total{part=\"body\"} 1.0");
    }

    @Test
    void aBodyThatDripsIsEnded() {
        impatient();

        var answer = Slowpokes.readToEnd(slow.drip(begin(SLOW_POST.replace("100", "1000000"))));

        assertThat(answer).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void theBodyOfARefusedRequestThatDripsIsEnded() {
        impatient();

        var answer = Slowpokes.readToEnd(slow.drip(begin(SLOW_POST.replace(RECORDS, "/nothing"))));

        assertThat(answer).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void aHeadThatDripsIsEnded() {
        impatient();

        assertThat(Slowpokes.readToEnd(slow.drip(begin("GET /li")))).isEmpty();

        assertThat(metrics()).contains("seawall_http_slow_total{part=\"head\"} 1.0");
    }

    @Test
    void aSecondHeadThatDripsIsEnded() {
        impatient();
        var socket = begin(LIVEZ);
        Slowpokes.readUntil(socket, LIVE);

        Slowpokes.send(socket, "GET /li");

        assertThat(Slowpokes.readToEnd(slow.drip(socket))).isEmpty();
    }

    @Test
    void aConnectionThatSaysNothingIsEnded() {
        impatient();

        assertThat(Slowpokes.readToEnd(begin(""))).isEmpty();
    }

    @Test
    void aConnectionThatWaitsForItsNextRequestIsNot() {
        impatient();
        var kept = begin(LIVEZ);
        Slowpokes.readUntil(kept, LIVE);
        Slowpokes.readToEnd(begin(""));

        Slowpokes.send(kept, LIVEZ);

        assertThat(Slowpokes.readUntil(kept, LIVE)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aBodyThatPausesBehindManyBytesIsNot() {
        impatient();
        var pausing =
                begin(SLOW_POST.replace("100", "60002") + "x".repeat(60_000).substring(1));
        Slowpokes.readToEnd(begin(SLOW_POST));

        Slowpokes.send(pausing, "y");

        assertThat(Slowpokes.readUntil(pausing, "}")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void anAppendThatWaitsForItsAcknowledgementIsNot() {
        impatient();
        http.node.logs.log(ORDERS).acknowledge = new CompletableFuture<>();
        var waiting = begin(SLOW_POST.replace("100", "2"));
        Slowpokes.readToEnd(begin(SLOW_POST));

        http.node.logs.log(ORDERS).acknowledge.complete(null);

        assertThat(Slowpokes.readUntil(waiting, "}")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/x-ndjson", "text/event-stream"})
    void aReaderThatDoesNotTakeItsAnswerIsEnded(String type) {
        impatient(10_000_000);
        for (var at = 0; at < 12; at++) {
            http.post(RECORDS, "application/octet-stream", new byte[HttpFixture.RECORD_MAX_BYTES]);
        }

        var query = type.equals("text/event-stream") ? "" : "?maxBytes=16777216";
        begin("GET " + RECORDS + query + " HTTP/1.1\r\nHost: x\r\nAccept: " + type + "\r\n\r\n");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(metrics())
                        .contains("seawall_http_slow_total{part=\"answer\"} 1.0")
                        .contains("seawall_http_work_busy 0.0", "seawall_http_streams_busy 0.0"));
    }

    @Test
    void anAddressHasSoManyConnectionsAndNoMore() {
        restart(HttpFixture.connections(1_024, 3, 4));
        openSlowPosts(3);

        var refused = append();

        assertThat(refused)
                .startsWith("HTTP/1.1 503 ")
                .contains(
                        "Connection: close",
                        "Retry-After: 1",
                        "\"code\":\"OVERLOADED\"",
                        "http.connections.per.address");
        assertThat(slow.ask(http.server.port(), LIVEZ))
                .startsWith("HTTP/1.1 200 ")
                .contains("Connection: close");
        assertThat(http.post(RECORDS, "application/octet-stream", new byte[1]).status())
                .as("from another address")
                .isEqualTo(200);
        assertThat(metrics()).contains("seawall_http_connections_refused_total{reason=\"address\"} 1.0");

        slow.giveUp();
        await().atMost(Duration.ofSeconds(60)).until(() -> append().startsWith("HTTP/1.1 200 "));
    }

    @Test
    void aNodeHasSoManyConnectionsAndNoMore() {
        restart(HttpFixture.connections(3, 1_024, 4));
        openSlowPosts(3);

        var answer = http.post(RECORDS, "application/octet-stream", new byte[1]);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("code")).isEqualTo("OVERLOADED");
        assertThat(answer.text("detail")).contains("3 connections", "http.connections");
        assertThat(http.get("/readyz").status()).isEqualTo(200);
        assertThat(metrics()).contains("seawall_http_connections_refused_total{reason=\"node\"} 1.0");

        slow.giveUp();
        await().atMost(Duration.ofSeconds(60)).until(() -> append().startsWith("HTTP/1.1 200 "));
    }

    @Test
    void connectionsThatAreKeptForProbesAreTakenFromThoseThatAskForNothing() {
        restart(HttpFixture.connections(1, 1_024, 3));
        openSlowPosts(1);

        IntStream.range(0, 40).forEach(at -> begin(""));
        // Jetty opens connections on several threads: those that it opens after a probe would take its place.
        awaitEvicted(37);

        assertThat(slow.ask(http.server.port(), LIVEZ)).startsWith("HTTP/1.1 200 ");
        awaitEvicted(38);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(metrics()).containsPattern("\\nseawall_http_connections [1-4]\\.0\\n"));
    }

    private void awaitEvicted(int count) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(metrics())
                        .contains("\nseawall_http_connections_refused_total{reason=\"spare\"} " + count + ".0\n"));
    }

    private String append() {
        return slow.ask(http.server.port(), SLOW_POST.replace("100", "2\r\nConnection: close"));
    }

    @Test
    void aBurstOfConnectionsWaitsInTheSystemUntilTheNodeTakesThem() {
        http.server.connector().setAccepting(false);
        var waiting = IntStream.range(0, 300).mapToObj(at -> begin(LIVEZ)).toList();

        http.server.connector().setAccepting(true);

        assertThat(waiting)
                .allSatisfy(socket ->
                        assertThat(Slowpokes.readUntil(socket, "\r\n")).isNotEmpty());
    }
}
