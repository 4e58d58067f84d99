package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.http.coding.Coding;
import io.seawall.node.http.coding.Packed;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.wal.PChannel;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies in gzip and zstd. */
@Timeout(120)
class CodedBodiesHttpTest {
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

    private HttpFixture.Answer post(String type, String coding, byte[] body) {
        return http.send(http.request(RECORDS)
                .headers("Content-Type", type, "Content-Encoding", coding)
                .POST(BodyPublishers.ofByteArray(body)));
    }

    @ParameterizedTest
    @EnumSource
    void aBodyIsUnpacked(Coding coding) {
        var value = "value ".repeat(1_000).getBytes(UTF_8);

        var answer = post("application/octet-stream", coding.token(), Packed.in(coding, value));

        assertThat(answer.status()).as("%s", answer.raw().body()).isEqualTo(200);
        assertThat(log().record(0).data().value()).isEqualTo(value);
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void jsonIsUnpackedEverywhere(Coding coding) {
        var records = Packed.in(coding, "{\"records\":[{},{}]}".getBytes(UTF_8));
        var topic = Packed.in(coding, "{\"pchannels\":3}".getBytes(UTF_8));

        assertThat(post("application/json", coding.token().toUpperCase(Locale.ROOT), records)
                        .status())
                .isEqualTo(200);
        var created = http.send(http.request("/v1/topics/packed")
                .headers("Content-Type", "application/json", "Content-Encoding", coding.token())
                .PUT(BodyPublishers.ofByteArray(topic)));
        assertThat(created.json().path("pchannels").asInt()).isEqualTo(3);
        assertThat(log().tail()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void aBrokenBodyIsRefusedWithThePlace(Coding coding) {
        var packed = Packed.in(coding, new byte[1_000]);

        var cut = post("application/octet-stream", coding.token(), Arrays.copyOf(packed, packed.length - 1));
        var empty = post("application/octet-stream", coding.token(), new byte[0]);

        assertThat(cut.status()).isEqualTo(400);
        assertThat(cut.text("code")).isEqualTo("INVALID");
        assertThat(cut.text("found")).contains(coding.token(), "cut off at byte " + (packed.length - 1));
        assertThat(empty.status()).isEqualTo(400);
        assertThat(log().tail()).isZero();
    }

    /** A body that takes 32 KB and unpacks to 320 MB. Many at once take no more memory than bodies may take together. */
    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void aBombIsRefusedOnceItIsTooLarge(Coding coding) {
        var tenth = Packed.in(coding, new byte[HttpLimits.BODY_BYTES]);
        var bomb = Packed.joined(Collections.nCopies(10, tenth).toArray(byte[][]::new));

        var answers = new ArrayList<CompletableFuture<HttpFixture.Answer>>();
        for (var client = 0; client < 4; client++) {
            answers.add(CompletableFuture.supplyAsync(() -> post("application/json", coding.token(), bomb)));
        }

        for (var each : answers) {
            var answer = each.join();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text("code")).isEqualTo("TOO_LARGE");
            assertThat(answer.text("expected")).contains(HttpLimits.BODY_BYTES + " bytes", coding.token());
        }
        assertThat(log().tail()).isZero();
    }

    @Test
    void theLimitIsThatOfTheUnpackedBody() {
        var largest = new byte[HttpLimits.SMALL_BODY_BYTES];
        Arrays.fill(largest, (byte) ' ');
        largest[0] = '{';
        largest[largest.length - 1] = '}';
        var larger = Arrays.copyOf(largest, largest.length + 1);
        larger[largest.length] = ' ';

        assertThat(putTopic(largest).status()).isEqualTo(201);
        var refused = putTopic(larger);
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.json().path("limit").asInt()).isEqualTo(HttpLimits.SMALL_BODY_BYTES);
    }

    private HttpFixture.Answer putTopic(byte[] body) {
        return http.send(http.request("/v1/topics/new")
                .headers("Content-Type", "application/json", "Content-Encoding", "gzip")
                .PUT(BodyPublishers.ofByteArray(Packed.in(Coding.GZIP, body))));
    }
}
