package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalRecord;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The formats of keys and values in JSON, and JSON that people can read. */
class FormatHttpTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final String RECORDS = "/v1/pchannels/orders-0/records";

    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    private HttpFixture.Answer appendJson(String record) {
        return http.postJson(RECORDS + "?format=json", "{\"records\":[" + record + "]}");
    }

    private String storedValue() {
        var log = http.node.logs.log(ORDERS);
        var value = log.record((int) log.tail() - 1).data().value();
        return value == null ? "(none)" : new String(value, UTF_8);
    }

    private void append(byte[] value) {
        var request = AppendRequest.of(List.of(WalRecord.of(value)));
        http.node.logs.log(ORDERS).append(request).join();
    }

    private JsonNode read(byte[] value, String format) {
        append(value);
        return http.get(RECORDS + "?from=0&format=" + format)
                .json()
                .path("records")
                .get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ \"item\" : \"a b\",\"n\":[1, 2.50, -3e400, null, true, false], \"o\":{} } | {\"item\":\"a b\",\"n\":[1,2.50,-3e400,null,true,false],\"o\":{}}",
                "\"text\" | \"text\"",
                "\"\\u00e9 \\\" \\n 😀 \\ud83d\\ude00\" | \"é \\\" \\n 😀 😀\"",
                "12345678901234567890123 | 12345678901234567890123",
                "1.10 | 1.10",
                "true | true",
                "[] | []",
                "null | (none)",
            })
    void anyJsonIsAValueAndItsTextIsTheBytes(String value, String stored) {
        var answer = appendJson("{\"value\":" + value + "}");

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        assertThat(storedValue()).isEqualTo(stored);
    }

    @Test
    void keysAndHeadersAreJsonToo() {
        appendJson("{\"key\":{\"id\":7},\"value\":[1],\"headers\":[{\"key\":\"h\",\"value\":{\"a\":\"b\"}}]}");

        var data = http.node.logs.log(ORDERS).record(0).data();

        assertThat(new String(Objects.requireNonNull(data.key()), UTF_8)).isEqualTo("{\"id\":7}");
        assertThat(new String(Objects.requireNonNull(data.headers().get(0).value()), UTF_8))
                .isEqualTo("{\"a\":\"b\"}");
        assertThat(http.get(RECORDS + "?from=0&format=json").raw().body())
                .contains("\"key\":{\"id\":7},\"value\":[1],\"headers\":[{\"key\":\"h\",\"value\":{\"a\":\"b\"}}]");
    }

    @Test
    void aStreamOfLinesTakesJsonToo() {
        http.post(RECORDS + "?format=json", "application/x-ndjson", "{\"value\":{\"a\": 1}}\n".getBytes(UTF_8));

        assertThat(storedValue()).isEqualTo("{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"value\":{\"a\":}}",
                "{\"value\":{\"a\":1}",
            })
    void brokenJsonIsRefused(String record) {
        var answer = appendJson(record);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("INVALID");
        assertThat(http.node.logs.log(ORDERS).tail()).isZero();
    }

    @Test
    void appendsHaveNoAutomaticFormat() {
        var answer = http.postJson(RECORDS + "?format=auto", "{\"records\":[{\"value\":\"YQ==\"}]}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("expected")).isEqualTo("one of [base64, json, text]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": [1, 2.50]} | json | {\"a\":[1,2.50]} | ",
                "{\"a\": [1, 2.50]} | auto | {\"a\":[1,2.50]} | ",
                "42 | auto | 42 | ",
                "\"a  b\" | auto | \"a  b\" | ",
                "hello | json | \"aGVsbG8=\" | base64",
                "hello | auto | \"hello\" | text",
                "null | json | \"bnVsbA==\" | base64",
                "null | auto | \"null\" | text",
                "1 2 | auto | \"1 2\" | text",
                "{\"a\":1 | auto | \"{\\\"a\\\":1\" | text",
                "hello | text | \"hello\" | ",
                "hello | base64 | \"aGVsbG8=\" | ",
            })
    void readsShowJsonTextOrBase64AndSayWhich(String value, String format, String shown, String used) {
        var record = read(value.getBytes(UTF_8), format);

        assertThat(record.path("value")).isEqualTo(HttpFixture.json(shown));
        assertThat(record.path("valueFormat").asText(null)).isEqualTo(used);
    }

    @Test
    void bytesThatAreNoTextAreBase64() {
        var record = read(new byte[] {'"', (byte) 0xff, '"'}, "auto");

        assertThat(record.path("value").asText()).isEqualTo("Iv8i");
        assertThat(record.path("valueFormat").asText()).isEqualTo("base64");
    }

    @Test
    void jsonOverSeveralLinesStaysOneLineOfAStream() {
        append("{\n  \"a\": \"x\\n\"\n}".getBytes(UTF_8));

        var lines = http.send(http.request(RECORDS + "?format=json").header("Accept", "application/x-ndjson"));

        assertThat(lines.raw().body()).hasLineCount(1).contains("\"value\":{\"a\":\"x\\n\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/livez", "/v1/topics", RECORDS, "/nowhere", "/v1/pchannels/orders-9", RECORDS + "?from=99"})
    void jsonAnswersAndErrorsEndWithANewline(String path) {
        assertThat(http.get(path).raw().body()).endsWith("}\n").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez?pretty", RECORDS + "?pretty=true", "/nowhere?pretty", RECORDS + "?from=99&pretty"})
    void prettyAnswersHaveAMemberOnEachLine(String path) {
        var body = http.get(path).raw().body();

        assertThat(body).startsWith("{\n  \"").endsWith("\n}\n");
    }

    @Test
    void prettyIsCheckedAsOtherParametersAre() {
        assertThat(http.get("/livez?pretty=false").status()).isEqualTo(200);
        assertThat(http.get(RECORDS + "?pretty=maybe").text("found")).isEqualTo("pretty='maybe'");
        assertThat(http.get(RECORDS + "?pretty&pretty").status()).isEqualTo(400);
    }

    @Test
    void curlWithDataAloneIsToldWhichHeaderToAdd() {
        var form = http.post(RECORDS, "application/x-www-form-urlencoded", "hello".getBytes(UTF_8));

        assertThat(form.status()).isEqualTo(415);
        assertThat(form.text("detail"))
                .contains(
                        "POST /v1/pchannels/orders-0/records",
                        "curl -H 'Content-Type: application/octet-stream'",
                        "curl -d");
    }

    @Test
    void aTrimThatKeepsMoreSaysWhy() {
        for (var batch = 0; batch < 2; batch++) {
            http.postJson(RECORDS, "{\"records\":[{},{},{}]}");
        }

        assertThat(http.postJson("/v1/pchannels/orders-0/trim", "{\"before\":3}")
                        .raw()
                        .body())
                .isEqualTo("{\"oldest\":3}\n");
        assertThat(http.postJson("/v1/pchannels/orders-0/trim", "{\"before\":2}")
                        .text("why"))
                .isEqualTo("nothing was deleted: the log begins with LSN 3 already");

        http.node.logs.log(ORDERS).keepsFrom = 3;
        assertThat(http.postJson("/v1/pchannels/orders-0/trim", "{\"before\":4}")
                        .text("why"))
                .isEqualTo(
                        "nothing was deleted: LSN 4 is inside the batch that begins with LSN 3, and a batch is kept or"
                                + " deleted as a whole");
    }
}
