package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An append is stored exactly as the client sent it, or rejected: no byte is changed, dropped or reinterpreted silently. */
class AppendBytesHttpTest {
    private static final String RECORDS = "/v1/pchannels/orders-0/records";
    private static final String OCTETS = "application/octet-stream";
    private static final String ONE = "{\"records\":[{}]}";

    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    private void refused(HttpFixture.Answer answer, int status, String found) {
        assertThat(answer.status()).as("%s", answer.raw().body()).isEqualTo(status);
        assertThat(answer.text("code")).isEqualTo("INVALID");
        assertThat(answer.text("detail")).contains(found);
        assertThat(http.node.logs.log(new PChannel("orders", 0)).tail()).isZero();
    }

    private HttpFixture.Answer post(String body, String... headers) {
        return http.send(http.request(RECORDS).headers(headers).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"records\":[{\"headers\":[{\"key\":\"\\ud800\"}]}]}                   | surrogate",
                "{\"records\":[{},{\"headers\":[{\"key\":\"trace\\udc00\"}]}]}           | in record 1",
                "{\"records\":[{\"value\":\"\\ud800x\"}]}                                | value",
                "{\"records\":[{\"key\":\"x\\udfff\"}]}                                  | key",
                "{\"records\":[{\"headers\":[{\"key\":\"h\",\"value\":\"\\ud83d\"}]}]}   | value",
            })
    void refusesTextThatUtf8DoesNotHave(String body, String found) {
        refused(http.postJson(RECORDS + "?format=text", body), 400, found);
    }

    @Test
    void takesASurrogatePair() {
        http.postJson(RECORDS + "?format=text", "{\"records\":[{\"value\":\"\\ud83d\\ude00\"}]}");

        assertThat(http.node
                        .logs
                        .log(new PChannel("orders", 0))
                        .record(0)
                        .data()
                        .value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("\ud83d\ude00");
    }

    @ParameterizedTest
    @CsvSource({
        "eda080, half of a surrogate pair as three bytes",
        "eda0bdedb880, a surrogate pair as six bytes",
        "c181, an A in two bytes",
        "e08181, an A in three bytes",
        "f4908080, beyond the last code point",
        "ff, no UTF-8 at all",
        "fc, Latin-1",
    })
    void refusesBytesThatAreNoUtf8(String hex, String what) throws IOException {
        var body = new ByteArrayOutputStream();
        body.write("{\"records\":[{\"value\":\"x".getBytes(StandardCharsets.US_ASCII));
        body.write(HexFormat.of().parseHex(hex));
        body.write("\"}]}".getBytes(StandardCharsets.US_ASCII));

        var answer = http.post(RECORDS + "?format=text", "application/json", body.toByteArray());

        refused(answer, 400, "offset 23");
    }

    @Test
    void anErrorThatShowsSuchTextIsAnErrorLikeAnyOther() {
        refused(http.postJson(RECORDS, "{\"records\":[{}],\"writer\":{\"id\":\"\\ud800\",\"seq\":0}}"), 400, "'?'");
        refused(http.put("/v1/topics/new", "{\"compression\":\"\\ud800\"}"), 400, "'?'");
    }

    @Test
    void anErrorThatShowsTheBeginningOfATextCutsNoPair() {
        var compression = "x".repeat(119) + "\ud83d\ude00".repeat(9);

        refused(http.put("/v1/topics/new", "{\"compression\":\"" + compression + "\"}"), 400, "x?...'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"records\":[{\"value\":\"YQ==\",\"value\":\"Yg==\"}]}                             | 'value' twice",
                "{\"records\":[{\"value\":\"YQ==\",\"value\":null}]}                                 | 'value' twice",
                "{\"records\":[{\"key\":null,\"key\":\"YQ==\"}]}                                     | 'key' twice",
                "{\"records\":[{\"headers\":[],\"headers\":[{\"key\":\"h\"}]}]}                      | 'headers' twice",
                "{\"records\":[{\"headers\":[{\"key\":\"a\",\"key\":\"b\"}]}]}                       | 'key' twice",
                "{\"records\":[{\"headers\":[{\"key\":\"a\",\"value\":null,\"value\":\"\"}]}]}       | 'value' twice",
                "{\"records\":[{}],\"writer\":{\"id\":\"a\",\"seq\":0,\"id\":\"b\"}}                 | 'id' twice",
                "{\"records\":[{}],\"writer\":{\"seq\":0,\"seq\":1,\"id\":\"b\"}}                    | 'seq' twice",
                "{\"records\":[{}],\"records\":[{}]}                                                 | 'records' twice",
            })
    void refusesAMemberThatComesTwice(String body, String found) {
        refused(http.postJson(RECORDS, body), 400, found);
    }

    @Test
    void theSameNameMayComeInEachRecord() {
        var answer = http.postJson(
                RECORDS,
                "{\"records\":[{\"value\":\"\",\"headers\":[{\"key\":\"a\"},{\"key\":\"a\"}]},{\"value\":\"\"}]}");

        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"application/octet-stream, x", "application/json, {\"records\":[{}]}"})
    void refusesABodyInACodingThatItDoesNotKnow(String type, String body) {
        for (var coding : new String[] {"br", "deflate", "x-nonsense", "identity, gzip", "gzip, zstd"}) {
            var answer = post(body, "Content-Type", type, "Content-Encoding", coding);

            refused(answer, 415, coding);
            assertThat(answer.raw().headers().firstValue("Accept-Encoding")).hasValue("gzip, zstd, identity");
        }
    }

    @Test
    void takesABodyThatSaysThatItIsNotEncoded() {
        assertThat(post("x", "Content-Type", OCTETS, "Content-Encoding", "Identity")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesATransferCodingThatItWouldNotUndo() throws IOException {
        var answer = http.raw("POST " + RECORDS + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + OCTETS
                + "\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n1\r\nx\r\n0\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 501").contains("\"code\":\"INVALID\"", "'gzip, chunked'");
        assertThat(http.node.logs.log(new PChannel("orders", 0)).tail()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-16", "iso-8859-1", "\"windows-1252\"", "\"\""})
    void refusesJsonInAnotherCharset(String charset) {
        refused(post(ONE, "Content-Type", "application/json;charset=" + charset), 415, charset.replace("\"", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"charset=utf-8", " charset=\"UTF-8\"", "Charset=Utf-8; x=y", "x=y", ""})
    void takesJsonInUtf8WhateverElseItsTypeSays(String parameters) {
        assertThat(post(ONE, "Content-Type", "application/json;" + parameters).status())
                .isEqualTo(200);
    }

    @Test
    void refusesAPartOfABody() {
        refused(post("x", "Content-Type", OCTETS, "Content-Range", "bytes 5-9/10"), 400, "Content-Range");
    }

    @ParameterizedTest
    @CsvSource({"Idempotency-Key, w/0, w/1", "Idempotency-Key, w/0, w/0"})
    void refusesAnIdempotencyKeyThatComesTwice(String name, String first, String second) {
        refused(post("x", "Content-Type", OCTETS, name, first, name, second), 400, "Idempotency-Key twice");
    }

    @Test
    void refusesTwoContentTypes() {
        refused(post(ONE, "Content-Type", OCTETS, "Content-Type", "application/json"), 400, "Content-Type twice");
    }
}
