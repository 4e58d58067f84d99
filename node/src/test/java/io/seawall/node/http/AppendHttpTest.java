package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WriterSeq;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppendHttpTest {
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

    @Test
    void anOctetStreamIsOneRecord() {
        var answer = http.post(RECORDS, "application/octet-stream", new byte[] {1, 0, -1});

        assertThat(answer.json()).isEqualTo(HttpFixture.json("{\"term\":7,\"first\":0,\"last\":0,\"tail\":1}"));
        assertThat(log().record(0).data().value()).containsExactly(1, 0, -1);
        assertThat(log().record(0).data().key()).isNull();
    }

    @Test
    void anEmptyBodyIsAnEmptyValue() {
        assertThat(http.post(RECORDS, "application/octet-stream", new byte[0]).status())
                .isEqualTo(200);

        assertThat(log().record(0).data().value()).isEmpty();
    }

    @Test
    void aJsonBatchKeepsNullsHeadersAndTheirOrder() {
        var answer = http.postJson(RECORDS, """
                {"records":[{"key":"aw==","value":null,"headers":[{"key":"h","value":"AQ=="},{"key":"h","value":null}]},
                            {"value":""}]}
                """);

        assertThat(answer.json().path("last").asLong()).isEqualTo(1);
        var first = log().record(0).data();
        assertThat(first.key()).asString(StandardCharsets.UTF_8).isEqualTo("k");
        assertThat(first.value()).isNull();
        assertThat(first.headers()).extracting("key").containsExactly("h", "h");
        assertThat(first.headers().get(0).value()).containsExactly(1);
        assertThat(first.headers().get(1).value()).isNull();
        assertThat(log().record(1).data().value()).isEmpty();
    }

    @Test
    void textIsTakenAsUtf8() {
        http.postJson(RECORDS + "?format=text", "{\"records\":[{\"value\":\"gr\\u00fc\\u00df\"}]}");

        assertThat(log().record(0).data().value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("grüß");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"records\":[{}],\"ifTail\":-1}                          | ifTail -1 at     | a whole number",
                "{\"records\":[{}],\"ifTail\":\"3\"}                       | a string at      | ifTail as a whole number",
                "{\"records\":[{}],\"ifTail\":1.5}                         | not whole at     | ifTail as a whole number",
                "{\"records\":[{}],\"ifTail\":9223372036854775808}         | ifTail beyond 64 | a whole number",
                "{\"records\":[{}],\"ifTail\":null}                        | null at          | ifTail as a whole number",
                "{\"records\":[{}],\"iftail\":3}                           | 'iftail'         | records, ifTail and writer",
                "{\"records\":[{}],\"writer\":\"w/0\"}                     | a string         | as a JSON object",
                "{\"records\":[{}],\"writer\":{\"id\":\"w\"}}              | without seq      | seq",
                "{\"records\":[{}],\"writer\":{\"seq\":0}}                 | without id       | id",
                "{\"records\":[{}],\"writer\":{\"id\":7,\"seq\":0}}        | a whole number   | as a string",
                "{\"records\":[{}],\"writer\":{\"id\":\"w\",\"seq\":-1}}   | seq -1 at        | a whole number",
                "{\"records\":[{}],\"writer\":{\"id\":\"a/b\",\"seq\":0}}  | 'a/b'            | 1 to 100 of A-Z a-z 0-9 . _ -",
                "{\"records\":[{}],\"writer\":{\"id\":\"w\",\"sq\":0}}     | 'sq'             | only id and seq",
                "{\"records\":[],\"records\":[{}]}                         | twice            | each member once",
                "{\"records\":[{\"vaule\":\"aw==\"}]}                      | 'vaule'          | only key, value and headers",
                "{\"records\":[{\"value\":\"*\"}]}                         | a value that is not base64 at line 1, column | base64",
                "{\"records\":[{\"value\":5}]}                             | a whole number as value at line 1, column | base64",
                "{\"records\":[{\"key\":[]}]}                              | an array as key at line 1, column | base64",
                "{\"records\":[]}                                          | no record        | 1 to 1000",
                "{\"records\":{}}                                          | an object        | an array",
                "{}                                                        | no member        | records",
                "[]                                                        | an array         | a JSON object",
                "{\"records\":[{\"value\":\"aw==\"}]} {}                   | more after       | one JSON object",
                "{\"records\":[{\"headers\":[{\"value\":null}]}]}          | without key      | key",
                "{\"records\":[{\"headers\":[{\"key\":\"wal\"}]}]}         | 'wal'            | Seawall's own",
                "{\"records\":[{\"headers\":[{\"key\":\"wal-x\"}]}]}       | 'wal-x'          | Seawall's own",
            })
    void refusesAWrongBatch(String body, String found, String expected) {
        var answer = http.postJson(RECORDS, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("INVALID");
        assertThat(answer.text("effect")).isEqualTo("none");
        assertThat(answer.text("found")).contains(found);
        assertThat(answer.text("expected")).contains(expected);
        assertThat(log().tail()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"records\":\n [secret]}", "{\"records\":[{\"value\":\"a", "\u0000"})
    void malformedJsonSaysWhereAndRepeatsNothing(String body) {
        var answer = http.postJson(RECORDS, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("INVALID");
        assertThat(answer.raw().body()).doesNotContain("secret");
        if (body.contains("secret")) {
            assertThat(answer.text("found")).contains("line 2, column");
        }
    }

    @Test
    void refusesARecordAboveTheLimit() {
        var answer = http.post(RECORDS, "application/octet-stream", new byte[HttpFixture.RECORD_MAX_BYTES + 1]);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text("code")).isEqualTo("TOO_LARGE");
        assertThat(answer.text("found")).contains("1048577 bytes");
        assertThat(answer.json().path("limit").asLong()).isEqualTo(HttpFixture.RECORD_MAX_BYTES);
        assertThat(answer.text("detail")).contains("wal.record.max.bytes");
    }

    @Test
    void takesABatchOfAThousandAndNotOneMore() {
        var thousand = "{\"records\":[" + "{},".repeat(999) + "{}]}";

        assertThat(http.postJson(RECORDS, thousand).json().path("tail").asLong())
                .isEqualTo(1_000);
        var answer = http.postJson(RECORDS, thousand.replaceFirst("\\[", "[{},"));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text("expected")).contains("1000");
        assertThat(log().tail()).isEqualTo(1_000);
    }

    @Test
    void refusesABodyAboveTheLimit() {
        var answer = http.post(RECORDS, "application/octet-stream", new byte[HttpLimits.BODY_BYTES + 1]);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text("code")).isEqualTo("TOO_LARGE");
        assertThat(answer.text("expected")).contains(Integer.toString(HttpLimits.BODY_BYTES));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/pchannels/none-0/records,404,NOT_FOUND,one of",
        "/v1/pchannels/orders-9/records,404,NOT_FOUND,one of",
        "/v1/pchannels/Orders-0/records,400,INVALID,as in orders-3",
        "/v1/pchannels/orders/records,400,INVALID,as in orders-3",
        "/v1/pchannels/meta-0/records,400,INVALID,another name",
        "/v1/pchannels/orders-0/records?fromat=text,400,INVALID,none",
    })
    void refusesAWrongPath(String path, int status, String code, String expected) {
        var answer = http.post(path, "application/octet-stream", new byte[1]);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.text("expected")).contains(expected);
        assertThat(answer.raw().headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "application/ndjson", "text/plain"})
    void refusesOtherContentTypes(String type) {
        var answer = http.post(RECORDS, type, new byte[1]);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.text("found")).contains(type);
        assertThat(answer.text("expected")).contains("application/octet-stream", "application/json");
    }

    @Test
    void aBatchMayHaveATailToMeetAndANumberInAWriterSession() {
        http.postJson(RECORDS, "{\"ifTail\":0,\"writer\":{\"id\":\"w\",\"seq\":7},\"records\":[{}]}");

        assertThat(log().lastRequest)
                .isEqualTo(AppendRequest.of(List.of(log().record(0).data()))
                        .onlyIfTail(0)
                        .by(new WriterSeq("w", 7)));
    }

    @ParameterizedTest
    @CsvSource({"application/octet-stream, x", "application/json, {\"records\":[{}]}"})
    void theIdempotencyKeyIsANumberInAWriterSession(String type, String body) {
        assertThat(postWithKey("w/7", type, body).status()).isEqualTo(200);

        assertThat(log().lastRequest)
                .isEqualTo(AppendRequest.of(List.of(log().record(0).data())).by(new WriterSeq("w", 7)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"w", "w/", "w/-1", "w/01", "/0", "8e03978e-40d5-43dd-bc93-6894a57f9324"})
    void refusesAnIdempotencyKeyOfAnotherForm(String key) {
        var answer = postWithKey(key, "application/octet-stream", "x");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("found")).contains("'" + key + "'");
        assertThat(answer.text("expected")).contains("<id>/<seq>");
        assertThat(log().tail()).isZero();
    }

    @Test
    void refusesTwoSessionsForOneBatch() {
        var body = "{\"records\":[{}],\"writer\":{\"id\":\"w\",\"seq\":7}}";

        assertThat(postWithKey("w/7", "application/json", body).status()).isEqualTo(200);
        var answer = postWithKey("w/8", "application/json", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("found")).contains("w/8", "w/7");
    }

    @Test
    void aRepetitionSaysSo() {
        log().repeats = new Appended(6, 41, 42, true);

        var answer = postWithKey("w/7", "application/json", "{\"records\":[{},{}]}");

        assertThat(answer.json())
                .isEqualTo(HttpFixture.json("{\"term\":6,\"first\":41,\"last\":42,\"tail\":43,\"repeated\":true}"));
        assertThat(http.get("/metrics").raw().body())
                .contains("seawall_append_records_total{pchannel=\"orders-0\",result=\"repeated\"} 2.0");
    }

    @Test
    void anotherTailIsAFailedPreconditionAndNamesTheTail() {
        log().appendError = Problem.of(ErrorCode.TAIL_MISMATCH, "append to orders-0")
                .pchannel(ORDERS)
                .found("tail 5")
                .expected("tail 3")
                .with("tail", 5)
                .exception();

        var answer = http.postJson(RECORDS, "{\"records\":[{}],\"ifTail\":3}");

        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.text("code")).isEqualTo("TAIL_MISMATCH");
        assertThat(answer.json().path("tail").asLong()).isEqualTo(5);
    }

    @Test
    void aSequenceGapIsAConflictAndNamesTheNextNumber() {
        log().appendError = Problem.of(ErrorCode.SEQUENCE_GAP, "append to orders-0")
                .pchannel(ORDERS)
                .found("batch w/9")
                .expected("seq 7")
                .with("expectedSeq", 7)
                .exception();

        var answer = postWithKey("w/9", "application/json", "{\"records\":[{}]}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().path("expectedSeq").asLong()).isEqualTo(7);
        assertThat(answer.text("effect")).isEqualTo("none");
    }

    private HttpFixture.Answer postWithKey(String key, String type, String body) {
        return http.send(http.request(RECORDS)
                .header("Content-Type", type)
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void sendsAnAppendToTheOwner() {
        http.node.owners.put(ORDERS, new PChannelStatus.Ownership(8, 0, "n2", "http://n2:7070"));

        var answer = http.postJson(RECORDS + "?format=text", "{\"records\":[{}]}");

        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.raw().headers().firstValue("Location")).hasValue("http://n2:7070" + RECORDS + "?format=text");
        assertThat(answer.text("code")).isEqualTo("NOT_OWNER");
    }

    @Test
    void theJdkClientFollowsToTheOwnerWithTheBody() throws Exception {
        // Given a second node that owns the pchannel
        try (var owner = new HttpFixture()) {
            http.node.owners.put(
                    ORDERS, new PChannelStatus.Ownership(8, 0, "n2", "http://127.0.0.1:" + owner.server.port()));
            var client = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();

            // When
            var response = client.send(
                    http.request(RECORDS)
                            .header("Content-Type", "application/octet-stream")
                            .POST(HttpRequest.BodyPublishers.ofString("moved"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            // Then
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(owner.node.logs.log(ORDERS).record(0).data().value())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("moved");
        }
    }

    @Test
    void anAppendWithoutAKnownOwnerIsMisdirected() {
        http.node.owners.put(ORDERS, PChannelStatus.Ownership.NONE);

        var answer = http.postJson(RECORDS, "{\"records\":[{}]}");

        assertThat(answer.status()).isEqualTo(421);
        assertThat(answer.text("code")).isEqualTo("NOT_OWNER");
        assertThat(answer.text("pchannel")).isEqualTo("orders-0");
    }

    @Test
    void anAppendIsMisdirectedForItsOwnReasonIfTheOwnerCannotBeLookedUp() {
        http.node.owners.put(ORDERS, PChannelStatus.Ownership.NONE);
        http.node.statusError =
                Problem.of(ErrorCode.DATA_LOSS, "read the end of orders-0").exception();

        var answer = http.postJson(RECORDS, "{\"records\":[{}]}");

        assertThat(answer.status()).isEqualTo(421);
        assertThat(answer.text("found")).isEqualTo("owner null");
    }

    @Test
    void anOverloadedLogSaysWhenToTryAgain() {
        log().appendError = Problem.of(ErrorCode.OVERLOADED, "append to orders-0")
                .pchannel(ORDERS)
                .found("a full queue")
                .exception();

        var answer = http.postJson(RECORDS, "{\"records\":[{}]}");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.raw().headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void aLostAnswerHasAnUnknownEffect() {
        log().appendError = Problem.of(ErrorCode.OUTCOME_UNKNOWN, "append to orders-0")
                .effect(Effect.UNKNOWN)
                .exception();

        var answer = http.postJson(RECORDS, "{\"records\":[{}]}");

        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.text("effect")).isEqualTo("unknown");
    }

    @Test
    void noThreadWaitsForAnAcknowledgement() {
        // Given a log that does not acknowledge
        log().acknowledge = new CompletableFuture<>();

        // When there are many more appends in flight than the server has threads
        var appends = IntStream.range(0, 100)
                .mapToObj(at -> http.client.sendAsync(
                        http.request(RECORDS)
                                .header("Content-Type", "application/octet-stream")
                                .POST(HttpRequest.BodyPublishers.ofString("x"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()))
                .toList();

        // Then all of them reach the log, other requests are served, and each gets its answer
        await().until(() -> log().tail() == 100);
        assertThat(http.get("/livez").status()).isEqualTo(200);
        log().acknowledge.complete(null);
        assertThat(appends)
                .allSatisfy(append -> assertThat(append.join().statusCode()).isEqualTo(200));
    }
}
