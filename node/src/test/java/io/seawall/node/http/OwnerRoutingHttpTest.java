package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.node.ports.Owners.Kind;
import io.seawall.node.ports.Owners.Owner;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that need the owner of a log, while it changes. */
@Timeout(60)
class OwnerRoutingHttpTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final String RECORDS = "/v1/pchannels/orders-0/records";
    private static final String OTHER = "http://n2.example:7070";

    private final FakeOwners owners = new FakeOwners(FakeOwners.unsettled(""));
    private final HttpFixture http =
            HttpFixture.withOwners(HttpFixture.settings().with(HttpFixture.connections(2_000, 2_000, 64)), owners);

    @AfterEach
    void close() {
        http.close();
    }

    private FakeNodeLogs.FakeLog log() {
        return http.node.logs.log(ORDERS);
    }

    private void openElsewhere() {
        http.node.owners.put(ORDERS, new PChannelStatus.Ownership(8, 0, "n2", OTHER));
    }

    private void openHere() {
        http.node.own(ORDERS, 9);
        owners.is(FakeOwners.here());
    }

    private CompletableFuture<HttpResponse<String>> append(String path) {
        var request = http.request(path)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofString("value"))
                .build();
        return http.client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> asked) throws Exception {
        return asked.get(20, TimeUnit.SECONDS);
    }

    private static String code(HttpResponse<String> answer) {
        return HttpFixture.json(answer.body()).path("code").asText();
    }

    private void awaitHeld(int requests) {
        await().until(() -> owners.waiting() == requests);
    }

    @Test
    void anAppendIsHeldUntilThisNodeHasTheLogOpen() throws Exception {
        openElsewhere();
        var asked = append(RECORDS);
        awaitHeld(1);

        openHere();

        assertThat(answer(asked).statusCode()).isEqualTo(200);
        assertThat(log().tail()).isOne();
        assertThat(owners.limit()).isEqualTo(Duration.ofSeconds(1));
        assertThat(http.metrics.scrape()).contains("seawall_http_held_requests_total{owner=\"here\"} 1.0");
    }

    @Test
    void anAppendIsHeldAndThenRedirectedToTheNewOwner() throws Exception {
        openElsewhere();
        var request = http.request(RECORDS + "?format=text")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"records\":[{\"value\":\"a\"}]}"))
                .build();
        var asked = http.client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        awaitHeld(1);

        owners.is(FakeOwners.elsewhere(OTHER));

        assertThat(answer(asked).statusCode()).isEqualTo(307);
        assertThat(answer(asked).headers().firstValue("Location")).contains(OTHER + RECORDS + "?format=text");
    }

    @Test
    void anAppendIsRedirectedAtOnceIfTheOwnerIsKnown() throws Exception {
        openElsewhere();
        owners.is(FakeOwners.elsewhere(OTHER));

        var answer = answer(append(RECORDS));

        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(answer.headers().firstValue("Location")).contains(OTHER + RECORDS);
        assertThat(code(answer)).isEqualTo("NOT_OWNER");
    }

    @Test
    void afterItsTimeAnAppendIsRedirectedToTheNodeThatOpensTheLog() throws Exception {
        openElsewhere();
        owners.is(FakeOwners.moving(OTHER));
        var asked = append(RECORDS);
        awaitHeld(1);
        assertThat(owners.limit()).isEqualTo(Duration.ofSeconds(5));

        http.forward(Duration.ofSeconds(5));
        owners.timeIsOver();

        assertThat(answer(asked).statusCode()).isEqualTo(307);
    }

    @Test
    void anAppendIsHeldForLongerWhenTheLogBeginsToMoveMeanwhile() throws Exception {
        openElsewhere();
        var asked = append(RECORDS);
        awaitHeld(1);
        http.forward(Duration.ofSeconds(1));
        owners.is(FakeOwners.moving(""));
        owners.timeIsOver();
        awaitHeld(1);
        assertThat(owners.limit()).as("five seconds in all").isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));

        openHere();

        assertThat(answer(asked).statusCode()).isEqualTo(200);
        assertThat(log().tail()).isOne();
    }

    @Test
    void anAppendIsNotHeldForLongerThanFiveSecondsHoweverOftenItsLogMoves() throws Exception {
        openElsewhere();
        owners.is(FakeOwners.moving(""));
        var asked = append(RECORDS);
        awaitHeld(1);
        http.forward(Duration.ofSeconds(3));
        owners.timeIsOver();
        awaitHeld(1);

        http.forward(Duration.ofSeconds(2));
        owners.timeIsOver();

        assertThat(answer(asked).statusCode()).isEqualTo(503);
        assertThat(answer(asked).body()).contains("that node n1 hands it over");
    }

    @Test
    void afterItsTimeAnAppendWithoutAnOwnerIsUnavailableAndHadNoEffect() throws Exception {
        openElsewhere();
        var asked = append(RECORDS);
        awaitHeld(1);

        owners.timeIsOver();

        var answer = answer(asked);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(code(answer)).isEqualTo("UNAVAILABLE");
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(HttpFixture.json(answer.body()).path("effect").asText()).isEqualTo("none");
        assertThat(HttpFixture.json(answer.body()).path("found").asText())
                .isEqualTo("that its owner, node n1, is gone");
        assertThat(log().tail()).isZero();
    }

    @Test
    void anAppendToALogInQuarantineIsNotHeld() throws Exception {
        openElsewhere();
        owners.is(new Owner(Kind.CLOSED, "", "a log in quarantine after DATA_LOSS"));

        var answer = answer(append(RECORDS));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("quarantine after DATA_LOSS");
    }

    @Test
    void anAppendToAnOwnerThatCannotBeReachedIsRefusedWithTheMend() throws Exception {
        openElsewhere();
        owners.is(new Owner(Kind.UNREACHABLE, "", "the log with node n2, which announces the URL of this node"));

        var answer = answer(append(RECORDS));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(code(answer)).isEqualTo("UNAVAILABLE");
        assertThat(answer.body()).contains("node n2", "http.advertised.url");
    }

    @Test
    void aLogThatKafkaHasAndTheClusterDoesNotKnowYetIsWaitedFor() throws Exception {
        openElsewhere();
        owners.is(new Owner(Kind.UNKNOWN, "", "no such log"));
        var asked = append(RECORDS);
        awaitHeld(1);

        openHere();

        assertThat(answer(asked).statusCode()).isEqualTo(200);
    }

    @Test
    void aLogThatKafkaLacksTooIsNotFound() throws Exception {
        owners.is(new Owner(Kind.UNKNOWN, "", "no such log"));

        assertThat(answer(append("/v1/pchannels/nothing-0/records")).statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_OWNER", "FENCED", "TERM_EXPIRED", "SHUTTING_DOWN"})
    void anAppendThatFoundTheLogClosedIsRepeatedHereOnce(ErrorCode code) throws Exception {
        log().appendError = failure(code, Effect.NONE);
        var asked = append(RECORDS);
        awaitHeld(1);

        log().appendError = null;
        openHere();

        assertThat(answer(asked).statusCode()).isEqualTo(200);
        assertThat(log().tail()).isOne();
        assertThat(log().record(0).data().value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("value");
    }

    @Test
    void anAppendThatFoundTheLogClosedIsRedirectedToTheNewOwner() throws Exception {
        log().appendError = failure(ErrorCode.SHUTTING_DOWN, Effect.NONE);
        var asked = append(RECORDS);
        awaitHeld(1);

        owners.is(FakeOwners.elsewhere(OTHER));

        assertThat(answer(asked).headers().firstValue("Location")).contains(OTHER + RECORDS);
    }

    @ParameterizedTest
    @CsvSource({
        "FENCED, UNKNOWN, 409",
        "OUTCOME_UNKNOWN, UNKNOWN, 504",
        "UNAVAILABLE, NONE, 503",
        "OVERLOADED, NONE, 429",
        "TAIL_MISMATCH, NONE, 412",
        "SEQUENCE_GAP, APPLIED, 409",
        "DATA_LOSS, NONE, 500",
    })
    void anAppendThatFailedOtherwiseOrMayHaveHadAnEffectIsAnsweredAndNotRepeated(
            ErrorCode code, Effect effect, int status) throws Exception {
        log().appendError = failure(code, effect);

        var answer = answer(append(RECORDS));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(code(answer)).isEqualTo(code.name());
        assertThat(owners.waiting()).isZero();
    }

    private static WalException failure(ErrorCode code, Effect effect) {
        return Problem.of(code, "append to " + ORDERS)
                .pchannel(ORDERS)
                .effect(effect)
                .exception();
    }

    @Test
    void anAppendIsNotTriedForEverWhereTermsEndAsFastAsTheyBegin() throws Exception {
        log().appendError = failure(ErrorCode.NOT_OWNER, Effect.NONE);
        owners.is(FakeOwners.here());

        assertThat(code(answer(append(RECORDS)))).isEqualTo("UNAVAILABLE");
    }

    @Test
    void theBodyIsNotAskedForWhileARequestIsHeld() throws Exception {
        openElsewhere();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), http.server.port())) {
            var head = "POST " + RECORDS + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
                    + "Content-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            awaitHeld(1);
            assertThat(socket.getInputStream().available()).isZero();

            openHere();
            var first = new byte[12];
            assertThat(socket.getInputStream().readNBytes(first, 0, 12)).isEqualTo(12);
            socket.getOutputStream().write("value".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100");
            assertThat(rest(socket)).contains("HTTP/1.1 200");
        }
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({
        "trim, '{\"before\":0}', oldest",
        "flush, '', flushed",
        "flush/pause, '', paused",
        "flush/resume, '', paused",
    })
    void otherRequestsThatNeedTheOwnerAreHeldToo(String path, String body, String member) throws Exception {
        openElsewhere();
        var request = http.request("/v1/pchannels/orders-0/" + path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var asked = http.client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        awaitHeld(1);

        openHere();

        assertThat(answer(asked).statusCode()).isEqualTo(200);
        assertThat(HttpFixture.json(answer(asked).body()).has(member)).isTrue();
    }

    @Test
    void theQuestionForAConfirmedTailIsHeldToo() throws Exception {
        openElsewhere();
        var request = http.request("/v1/pchannels/orders-0?confirm=true").build();
        var asked = http.client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        awaitHeld(1);

        openHere();

        assertThat(answer(asked).statusCode()).isEqualTo(200);
    }

    @Test
    void readsNeedNoOwner() {
        http.post(RECORDS, "application/octet-stream", "value".getBytes(StandardCharsets.UTF_8));
        openElsewhere();

        var answer = http.get(RECORDS + "?from=0&format=text");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("records").path(0).path("value").asText()).isEqualTo("value");
    }

    @Test
    void everyHeldRequestIsAnsweredWhenTheServerStops() throws Exception {
        openElsewhere();
        var asked = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (var at = 0; at < 20; at++) {
            asked.add(append(RECORDS));
        }
        awaitHeld(20);

        http.server.close();

        for (var each : asked) {
            var answer = answer(each);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(code(answer)).isEqualTo("SHUTTING_DOWN");
        }
        assertThat(log().tail()).isZero();
    }

    @Test
    void requestsBeyondTheBoundAreAnsweredAsIfTheirTimeWereOver() throws Exception {
        openElsewhere();
        var sockets = new ArrayList<Socket>();
        try {
            var request =
                    "POST " + RECORDS + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
                            + "Content-Length: 0\r\nConnection: close\r\n\r\n";
            for (var at = 0; at < 1_005; at++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), http.server.port());
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                sockets.add(socket);
            }
            awaitHeld(1_000);
            await().until(() -> http.metrics.scrape().contains("status=\"503\"} 5"));

            openHere();

            assertThat(statuses(sockets)).containsOnly("HTTP/1.1 200", "HTTP/1.1 503");
            assertThat(log().tail()).isEqualTo(1_000);
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    private static List<String> statuses(List<Socket> sockets) throws IOException {
        var statuses = new ArrayList<String>();
        for (var socket : sockets) {
            statuses.add(rest(socket).substring(0, 12));
        }
        return statuses;
    }
}
