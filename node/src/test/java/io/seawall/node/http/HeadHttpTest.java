package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code HEAD} is answered for every path with {@code GET}, without a body. */
class HeadHttpTest {
    private static final String RECORDS = "/v1/pchannels/orders-0/records";

    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void everyPathThatCanBeGotHasAHead() throws IOException {
        http.post(RECORDS, "application/octet-stream", new byte[5]);

        for (var route : http.server.routes()) {
            if (route.method().equals("GET")) {
                var path = route.template()
                        .replace("{p}", "orders-0")
                        .replace("{topic}", "orders")
                        .replace("{n}", "n2")
                        .replace("{node}", "n2");
                assertThat(head(path, "")).as(path).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/livez, */*, 200",
        "/readyz?verbose, */*, 200",
        "/nothing, */*, 404",
        RECORDS + "?from=7, */*, 416",
        RECORDS + "?limit=0, */*, 400",
        RECORDS + "?waitMs=60000, */*, 200",
        RECORDS + ", application/x-ndjson, 200",
        RECORDS + ", text/event-stream, 200",
        RECORDS + ", text/html, 406",
        "/v1/pchannels/nowhere-0, */*, 404",
    })
    void theAnswerIsThatOfAGetWithoutItsBody(String path, String accept, int status) throws IOException {
        assertThat(head(path, "Accept: " + accept + "\r\n")).startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/metrics", "/version", "/v1/topics", RECORDS})
    void theHeadersAreThoseOfAGet(String path) {
        var get = http.get(path).raw();
        var head = http.send(http.request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()))
                .raw();

        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Type"))
                .isEqualTo(get.headers().firstValue("Content-Type"));
        assertThat(head.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void aReadThatNobodySeesIsNotCounted() throws IOException {
        http.post(RECORDS, "application/octet-stream", new byte[5]);

        head(RECORDS, "");
        head(RECORDS, "Accept: text/event-stream\r\n");

        assertThat(http.get("/metrics").raw().body())
                .doesNotContain("seawall_read_records_total{pchannel=\"orders-0\"} 1.0")
                .contains("method=\"HEAD\",route=\"/v1/pchannels/{p}/records\",status=\"200\"");
    }

    @Test
    void whatCannotBeGotHasNoHead() {
        var answer = http.send(
                http.request("/v1/pchannels/orders-0/flush").method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.raw().headers().firstValue("Allow")).hasValue("POST");
    }

    @Test
    void theRefusalOfAMethodNamesHead() {
        var answer = http.send(http.request("/livez").DELETE());

        assertThat(answer.raw().headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    /** Returns the head of the answer; fails unless the next answer on the same connection follows at once. */
    private String head(String path, String headers) throws IOException {
        var answers = http.raw("HEAD " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n"
                + "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        var end = answers.indexOf("\r\n\r\n") + 4;
        assertThat(answers.substring(end)).as(path).startsWith("HTTP/1.1 200 ").endsWith("{\"live\":true}\n");
        return answers.substring(0, end);
    }
}
