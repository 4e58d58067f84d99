package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class EventHttpTest {
    private static final String RECORDS = "/v1/pchannels/orders-0/records";
    private static final PChannel ORDERS = new PChannel("orders", 0);

    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    private FakeNodeLogs.FakeLog log() {
        return http.node.logs.log(ORDERS);
    }

    private void append(String value) {
        log().append(value.getBytes(StandardCharsets.UTF_8)).join();
    }

    private HttpRequest.Builder events(String query) {
        return http.request(RECORDS + "?format=text" + query).header("Accept", "text/event-stream");
    }

    private BufferedReader follow(HttpRequest.Builder request) {
        var response = http.exchange(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream;charset=utf-8");
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** Returns the lines of the next event, without the empty one. */
    private static String event(BufferedReader events) throws IOException {
        var lines = new StringBuilder();
        for (var line = events.readLine(); line != null && !line.isEmpty(); line = events.readLine()) {
            lines.append(line).append('\n');
        }
        return lines.toString();
    }

    @Test
    void followsAppendsWithTheirLsnsAsIds() throws IOException {
        append("a");

        try (var events = follow(events("&from=0"))) {
            assertThat(event(events)).isEqualTo("event: tail\ndata: {\"tail\":1,\"oldest\":0}\n");
            assertThat(event(events)).startsWith("id: 0\ndata: {\"lsn\":0,").contains("\"value\":\"a\"");
            append("b");
            assertThat(event(events)).startsWith("id: 1\ndata: {\"lsn\":1,").contains("\"value\":\"b\"");
        }
    }

    @Test
    void resumesAfterTheLastEventId() throws IOException {
        // Given
        append("a");
        append("b");
        append("c");

        // When a browser reconnects; its from is that of the first request
        try (var events = follow(events("&from=0").header("Last-Event-ID", "1"))) {
            // Then
            assertThat(event(events)).startsWith("event: tail");
            assertThat(event(events)).startsWith("id: 2\n").contains("\"value\":\"c\"");
        }
    }

    @Test
    void tellsTheTailFromTimeToTime() throws IOException {
        try (var events = follow(events(""))) {
            assertThat(event(events)).startsWith("event: tail");
            assertThat(event(events)).startsWith("event: tail").doesNotContain("id:");
        }
    }

    @Test
    void anErrorIsTheLastEvent() throws IOException {
        append("a");
        try (var events = follow(events("&from=0"))) {
            event(events);
            event(events);

            log().readErrorAt = 0;
            log().readError = Problem.of(ErrorCode.DATA_LOSS, "read orders-0").exception();

            assertThat(event(events)).startsWith("event: error\ndata: {").contains("DATA_LOSS");
            assertThat(events.readLine()).isNull();
        }
    }

    @Test
    void anErrorBeforeTheFirstEventHasItsStatus() {
        var answer = http.send(events("&from=9").GET());

        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.text("code")).isEqualTo("BEYOND_TAIL");
    }

    @Test
    void refusesALastEventIdThatIsNoLsn() {
        var answer = http.send(events("").header("Last-Event-ID", "abc").GET());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("found")).contains("'abc'");
    }

    @Test
    void refusesALimitAsTheStreamHasNoEnd() {
        assertThat(http.send(events("&limit=5").GET()).text("found")).contains("'limit'");
    }

    @Test
    void releasesTheReaderOfAClientThatHasGone() throws IOException {
        follow(events("")).close();

        // The next tail event detects it; an append does too.
        append("a");
        append("b");
        await().atMost(20, TimeUnit.SECONDS).until(() -> http.node.logs.open.get() == 0);
    }

    @Test
    void streamsEndWhenTheServerCloses() throws IOException {
        try (var events = follow(events(""))) {
            event(events);

            http.server.close();

            assertThat(events.readLine()).isNull();
            assertThat(http.node.logs.open).hasValue(0);
        }
    }
}
