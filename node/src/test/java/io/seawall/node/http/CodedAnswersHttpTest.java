package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import io.seawall.node.http.coding.Coding;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers in gzip and zstd. */
class CodedAnswersHttpTest {
    private static final String RECORDS = "/v1/pchannels/orders-0/records";

    private final HttpFixture http = new HttpFixture();

    @BeforeEach
    void appendMany() {
        var records = "{\"value\":\"" + "YWFh".repeat(20) + "\"},";
        for (var batch = 0; batch < 3; batch++) {
            http.postJson(RECORDS, "{\"records\":[" + records.repeat(999) + "{}]}");
        }
    }

    @AfterEach
    void close() {
        http.close();
    }

    private HttpResponse<byte[]> get(String path, String accept, String codings) {
        var request = http.request(path).header("Accept", accept);
        return http.exchange(
                (codings.isEmpty() ? request : request.header("Accept-Encoding", codings)).build(),
                BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static byte[] unpacked(HttpResponse<byte[]> answer) throws IOException {
        var body = new ByteArrayInputStream(answer.body());
        return switch (header(answer, "Content-Encoding")) {
            case "gzip" -> new GZIPInputStream(body).readAllBytes();
            case "zstd" -> new ZstdInputStream(body).readAllBytes();
            default -> answer.body();
        };
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/pchannels/orders-0/records?limit=3000, application/json",
        "/v1/pchannels/orders-0/records?limit=3000, application/x-ndjson",
        "/v1/pchannels/orders-0/records?limit=3000, application/vnd.seawall.records",
        "/v1/pchannels/orders-0/segments, application/json",
        "/openapi.json, application/json",
    })
    void largeAnswersArePackedAsTheClientAsks(String path, String accept) throws IOException {
        var plain = get(path, accept, "");
        assertThat(header(plain, "Content-Encoding")).isEmpty();
        assertThat(header(plain, "Vary")).isEqualTo("Accept-Encoding");

        for (var coding : new Coding[] {Coding.GZIP, Coding.ZSTD}) {
            var packed = get(path, accept, coding.token());
            assertThat(packed.statusCode()).isEqualTo(200);
            assertThat(header(packed, "Content-Encoding")).isEqualTo(coding.token());
            assertThat(header(packed, "Vary")).isEqualTo("Accept-Encoding");
            assertThat(header(packed, "Content-Type")).isEqualTo(header(plain, "Content-Type"));
            assertThat(packed.body().length).isLessThan(plain.body().length / 3);
            assertThat(unpacked(packed)).isEqualTo(plain.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/v1/cluster?logs=true"})
    void whatChangesIsPackedToo(String path) throws IOException {
        var packed = get(path, "*/*", "zstd");

        assertThat(header(packed, "Content-Encoding")).isEqualTo("zstd");
        assertThat(new String(unpacked(packed), UTF_8)).contains(path.equals("/metrics") ? "# HELP" : "\"members\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/livez", "/v1/pchannels/orders-0", "/v1/pchannels/orders-0/records?limit=1", "/v1/nonsense"})
    void smallAnswersAreNotPacked(String path) {
        assertThat(header(get(path, "*/*", "gzip, zstd"), "Content-Encoding")).isEmpty();
    }

    @Test
    void anEmptyAnswerIsNotPacked() {
        var answer = get(RECORDS + "?from=tail", "application/x-ndjson", "gzip");

        assertThat(answer.body()).isEmpty();
        assertThat(header(answer, "Content-Encoding")).isEmpty();
    }

    @Test
    void anErrorWithinAPackedStreamIsItsLastLine() throws IOException {
        var log = http.node.logs.log(new PChannel("orders", 0));
        log.readErrorAt = 2_000;
        log.readError =
                Problem.of(ErrorCode.DATA_LOSS, "read").found("LSN 2000").exception();

        var answer = get(RECORDS + "?limit=3000", "application/x-ndjson", "gzip");

        var lines = new String(unpacked(answer), UTF_8).lines().toList();
        assertThat(lines).hasSize(2_001);
        assertThat(lines.get(2_000)).contains("DATA_LOSS");
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void eventsAreNeverPacked(Coding coding) throws IOException {
        var answer = http.rawUntil(
                "GET " + RECORDS + "?from=2900 HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAccept-Encoding: "
                        + coding.token() + "\r\n\r\n",
                "id: 2999");

        assertThat(answer).contains("event: tail").doesNotContain("Content-Encoding");
    }

    @Test
    void theAnswerToHeadHasTheHeadersOfThatToGet() {
        var head = http.exchange(
                http.request("/openapi.json")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .header("Accept-Encoding", "gzip")
                        .build(),
                BodyHandlers.ofByteArray());
        var get = get("/openapi.json", "*/*", "gzip");

        assertThat(header(head, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(head, "Content-Length")).isEqualTo(header(get, "Content-Length"));
    }
}
