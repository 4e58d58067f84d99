package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.wal.PChannel;
import io.seawall.wal.RequestException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that does not concern a single resource: paths, methods, health, metrics, Jetty's own errors. */
class NodeHttpTest {
    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    @ParameterizedTest
    @CsvSource({"/", "/v1", "/v1/pchannels/", "/v2/topics", "/v1/pchannels/orders-0/record", "/favicon.ico"})
    void anUnknownPathIsNotFound(String path) {
        var answer = http.get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("code")).isEqualTo("NOT_FOUND");
        assertThat(answer.text("type")).isEqualTo("urn:seawall:problem:not-found");
        assertThat(answer.json().path("status").asInt()).isEqualTo(404);
    }

    @Test
    void aWrongMethodNamesTheRightOnes() {
        var answer = http.send(http.request("/v1/pchannels/orders-0/records").DELETE());

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.raw().headers().firstValue("Allow")).hasValue("GET, HEAD, POST");
        assertThat(answer.text("found")).contains("DELETE");
    }

    @Test
    void aPortInUseIsAProblemThatNamesItAndNoBug() {
        var taken = HttpFixture.settings().listeningOn(http.server.port());
        var node = http.node;
        var ports = new HttpPorts(node, node, node, node.logs, node, Optional.empty());

        try (var second = new HttpServer(
                taken, ports, http.metrics, System::nanoTime, new SplittableRandom(1), Duration.ofMillis(700))) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("listen on 127.0.0.1:" + http.server.port())
                    .hasMessageContaining("http.port");
        }
    }

    @Test
    void livesWithoutKafkaButIsNotReady() {
        http.node.kafka = false;

        assertThat(http.get("/livez").status()).isEqualTo(200);
        var why = HttpFixture.json("""
                        {"ready":false,"checks":[{"name":"kafka","ok":false,"detail":"no broker answers"}]}
                        """);
        assertThat(http.get("/readyz").status()).isEqualTo(503);
        assertThat(http.get("/readyz").json()).as("says why unasked").isEqualTo(why);
        assertThat(http.get("/readyz?verbose").json()).isEqualTo(why);
    }

    @Test
    void isReadyWhenEveryCheckIsOk() {
        assertThat(http.get("/readyz").json()).isEqualTo(HttpFixture.json("{\"ready\":true}"));
    }

    @Test
    void tellsItsVersion() {
        var json = http.get("/version").json();

        assertThat(json.path("node").asText()).isEqualTo("n1");
        assertThat(json.path("version").asText()).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
        assertThat(json.has("grpc")).isFalse();
    }

    @Test
    void tellsWhereItServesGrpc() {
        http.grpc = Optional.of("node-1:7071");

        assertThat(http.get("/version").json().path("grpc").asText()).isEqualTo("node-1:7071");
    }

    @Test
    void metricsCountWhatWasDone() {
        // Given an append, a read and a refused request
        http.post("/v1/pchannels/orders-0/records", "application/octet-stream", new byte[5]);
        http.get("/v1/pchannels/orders-0/records");
        http.get("/nothing");

        // When Prometheus scrapes
        var answer = http.send(http.request("/metrics")
                .header(
                        "Accept",
                        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1")
                .GET());

        // Then
        assertThat(answer.raw().headers().firstValue("Content-Type"))
                .hasValue("text/plain;version=0.0.4;charset=utf-8");
        assertThat(answer.raw().body())
                .contains("seawall_append_records_total{pchannel=\"orders-0\",result=\"ok\"} 1.0")
                .contains("seawall_append_bytes_total{pchannel=\"orders-0\",result=\"ok\"} 5.0")
                .contains("seawall_append_seconds_bucket{result=\"ok\",le=\"0.005\"}")
                .contains("seawall_read_records_total{pchannel=\"orders-0\"} 1.0")
                .contains("route=\"/v1/pchannels/{p}/records\",status=\"200\"")
                .contains("route=\"none\",status=\"404\"")
                .contains("seawall_pchannel_state{pchannel=\"orders-0\",state=\"available\"} 1.0")
                .contains("seawall_pchannel_tail{pchannel=\"orders-0\"} 1.0")
                .contains("seawall_readers_idle 1.0")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void anErrorOfOurOwnHasAnIdAndShowsNothingElse() {
        http.node.logs.log(new PChannel("orders", 0)).acknowledge =
                CompletableFuture.failedFuture(new IllegalStateException("secret detail"));

        var answer = http.post("/v1/pchannels/orders-0/records", "application/octet-stream", new byte[1]);

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text("code")).isEqualTo("INTERNAL");
        assertThat(answer.text("effect")).as("it may have been written").isEqualTo("unknown");
        assertThat(answer.text("id")).matches("[0-9a-f]{1,16}");
        assertThat(answer.raw().body()).doesNotContain("secret", "IllegalState", "at io.");
    }

    @Test
    void jettysOwnRefusalsHaveTheSameForm() throws IOException {
        var answer = http.raw("GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(HttpLimits.HEADER_BYTES)
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 431").contains("application/problem+json", "\"code\":\"INVALID\"");
    }

    @Test
    void doesNotSayWhatItIsMadeOf() {
        assertThat(http.get("/livez").raw().headers().firstValue("Server")).isEmpty();
    }

    @Test
    void streamsBeyondThePoolAreRefused() throws IOException {
        // Given the most streams that are allowed
        var streams = new ArrayList<InputStream>();
        var request = http.request("/v1/pchannels/orders-0/records")
                .header("Accept", "text/event-stream")
                .build();
        for (var at = 0; at < HttpLimits.STREAM_THREADS; at++) {
            streams.add(http.exchange(request, HttpResponse.BodyHandlers.ofInputStream())
                    .body());
        }

        // When there is one more
        var answer = http.send(HttpRequest.newBuilder(request, (name, value) -> true));

        // Then it is refused, and other requests are served
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("code")).isEqualTo("OVERLOADED");
        assertThat(answer.raw().headers().firstValue("Retry-After")).hasValue("1");
        assertThat(http.get("/v1/pchannels/orders-0/records").status()).isEqualTo(200);
        for (var stream : streams) {
            stream.close();
        }
    }
}
