package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.http.frames.FrameWriter;
import io.seawall.node.http.frames.Frames;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalRecord;
import io.seawall.wal.WriterSeq;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records as frames, in both directions. */
class FramesHttpTest {
    private static final String RECORDS = "/v1/pchannels/orders-0/records";
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final WalRecord FULL =
            new WalRecord("k".getBytes(UTF_8), new byte[] {0, (byte) 255}, List.of(new Header("h", null)));
    private static final WalRecord EMPTY = new WalRecord(null, null, List.of());

    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    private FakeNodeLogs.FakeLog log() {
        return http.node.logs.log(ORDERS);
    }

    private static byte[] frames(WalRecord... records) throws IOException {
        var out = new ByteArrayOutputStream();
        var writer = new FrameWriter(out);
        for (var record : records) {
            writer.append(record);
        }
        return out.toByteArray();
    }

    private HttpFixture.Answer append(String query, byte[] body, String... headers) {
        var request = http.request(RECORDS + query)
                .header("Content-Type", Frames.MEDIA_TYPE)
                .POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request);
    }

    private HttpResponse<byte[]> read(String query) {
        var request = http.request(RECORDS + query)
                .header("Accept", Frames.MEDIA_TYPE)
                .build();
        return http.exchange(request, BodyHandlers.ofByteArray());
    }

    @Test
    void aBatchIsAppendedAndReadByteForByte() throws IOException {
        var appended = append("", frames(FULL, EMPTY));

        assertThat(appended.json().path("first").asLong()).isZero();
        assertThat(appended.json().path("last").asLong()).isOne();
        var answer = read("?from=0");
        assertThat(answer.headers().firstValue("Content-Type")).contains(Frames.MEDIA_TYPE);
        var expected = new ByteArrayOutputStream();
        var writer = new FrameWriter(expected);
        writer.record(new LogRecord(0, 7, 1_000, 0, FULL));
        writer.record(new LogRecord(1, 7, 1_000, 1, EMPTY));
        writer.end(2, 2, 0);
        assertThat(answer.body()).isEqualTo(expected.toByteArray());
    }

    @Test
    void aBatchMayHaveATailToMeetAndANumberInAWriterSession() throws IOException {
        append("?ifTail=0", frames(FULL), "Idempotency-Key", "w/7");

        assertThat(log().lastRequest)
                .isEqualTo(AppendRequest.of(List.of(FULL)).onlyIfTail(0).by(new WriterSeq("w", 7)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?ifTail=-1", "?ifTail=x", "?format=text"})
    void refusesAQueryThatDoesNotBelongToFrames(String query) throws IOException {
        assertThat(append(query, frames(FULL)).status()).isEqualTo(400);
        assertThat(log().tail()).isZero();
    }

    @Test
    void aBodyThatIsCutOffIsRefusedWhole() throws IOException {
        var body = frames(FULL, EMPTY);

        var answer = append("", Arrays.copyOf(body, body.length - 1));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("found")).contains("record 1");
        assertThat(log().tail()).isZero();
    }

    @Test
    void theRulesForBatchesHold() throws IOException {
        var tooMany = Collections.nCopies(1_001, EMPTY).toArray(WalRecord[]::new);
        var tooLarge = WalRecord.of(new byte[HttpFixture.RECORD_MAX_BYTES + 1]);
        var reserved = new WalRecord(null, null, List.of(new Header("wal-x", null)));

        assertThat(append("", new byte[0]).status()).isEqualTo(400);
        assertThat(append("", frames(tooMany)).status()).isEqualTo(413);
        assertThat(append("", frames(tooLarge)).status()).isEqualTo(413);
        assertThat(append("", frames(reserved)).status()).isEqualTo(400);
        assertThat(log().tail()).isZero();
    }

    @Test
    void anEmptyReadHasAnEndThatSaysWhereToGoOn() throws IOException {
        append("", frames(FULL));
        var expected = new ByteArrayOutputStream();
        new FrameWriter(expected).end(1, 1, 0);

        assertThat(read("?from=1").body()).isEqualTo(expected.toByteArray());
    }

    @Test
    void aReadThatFailsEndsWithTheError() throws IOException {
        append("", frames(FULL, FULL));
        log().readError = Problem.of(ErrorCode.DATA_LOSS, "read").found("LSN 1").exception();
        log().readErrorAt = 1;

        var body = read("?from=0").body();

        var first = frames(FULL).length + 3 * Long.BYTES;
        assertThat(body[first + Integer.BYTES])
                .as("the kind of the second frame")
                .isEqualTo((byte) 4);
        var problem = new String(body, first + 5, body.length - first - 5, UTF_8);
        assertThat(HttpFixture.json(problem).path("code").asText()).isEqualTo("DATA_LOSS");
    }
}
