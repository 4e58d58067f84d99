package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WriterSeq;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines that are appended as they arrive. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LineAppendsHttpTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final String RECORDS = "/v1/pchannels/orders-0/records";
    private static final String TEXT = RECORDS + "?format=text";
    private static final String NDJSON = "application/x-ndjson";

    private HttpFixture http = new HttpFixture();
    private final List<DuplexClient> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(DuplexClient::close);
        http.close();
    }

    private FakeNodeLogs.FakeLog log() {
        return http.node.logs.log(ORDERS);
    }

    private DuplexClient open(String pathAndQuery, String... headers) {
        var client = new DuplexClient(http.server.port(), pathAndQuery, headers);
        clients.add(client);
        return client;
    }

    private static String line(String value) {
        return "{\"value\":\"" + value + "\"}\n";
    }

    private String value(int lsn) {
        return new String(log().record(lsn).data().value(), UTF_8);
    }

    private List<String> values() {
        return IntStream.range(0, (int) log().tail()).mapToObj(this::value).toList();
    }

    private static long number(@Nullable JsonNode line, String name) {
        var found = Objects.requireNonNull(line, "no more lines");
        assertThat(found.has(name)).as("%s of %s", name, found).isTrue();
        return found.path(name).asLong();
    }

    private static JsonNode error(DuplexClient client) {
        var lines = client.lines();
        assertThat(lines).isNotEmpty();
        return lines.get(lines.size() - 1).path("error");
    }

    private void awaitTail(long tail) {
        await().atMost(Duration.ofSeconds(60)).until(() -> log().tail() >= tail);
    }

    @Test
    void aLineIsAppendedAndAnsweredWhileTheBodyIsOpen() {
        var client = open(TEXT).send(line("a"));

        var first = client.line();

        assertThat(client.head()).startsWith("HTTP/1.1 200 ").contains("Content-Type: " + NDJSON);
        assertThat(String.valueOf(first))
                .isEqualTo("{\"line\":1,\"lines\":1,\"term\":7,\"first\":0,\"last\":0,\"tail\":1}");
        client.send(line("b"));
        assertThat(number(client.line(), "tail")).isEqualTo(2);
        client.end();
        assertThat(client.line()).isNull();
        assertThat(values()).containsExactly("a", "b");
    }

    @Test
    void aRecordHasAKeyAndHeadersAsInABatch() {
        var base64 = Base64.getEncoder().encodeToString(new byte[] {0, (byte) 255});

        var answer = http.post(
                RECORDS,
                NDJSON,
                ("{\"key\":\"aw==\",\"value\":\"" + base64 + "\",\"headers\":[{\"key\":\"h\",\"value\":null}]}\n{}")
                        .getBytes(UTF_8));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(log().record(0).data().value()).containsExactly(0, 255);
        assertThat(log().record(0).data().key()).containsExactly('k');
        assertThat(log().record(0).data().headers()).hasSize(1);
        assertThat(log().record(1).data().value()).isNull();
    }

    @Test
    void linesThatComeTogetherAreOneBatchAndThoseThatComeBeforeItIsAcknowledgedDoNotWait() {
        var acknowledged = new CompletableFuture<Void>();
        log().acknowledge = acknowledged;
        var client = open(TEXT).send(line("a") + line("b")).send(line("c"));

        awaitTail(3);
        acknowledged.complete(null);
        client.end();

        var answers = client.lines();
        assertThat(answers.stream().mapToLong(answer -> number(answer, "lines")).sum())
                .isEqualTo(3);
        assertThat(number(answers.get(answers.size() - 1), "line")).isEqualTo(3);
        assertThat(values()).containsExactly("a", "b", "c");
    }

    @Test
    void aBatchHasAtMostAThousandLines() {
        var answer = http.post(RECORDS, NDJSON, "{}\n".repeat(2_500).getBytes(UTF_8));

        var lines = answer.raw().body().lines().map(HttpFixture::json).toList();
        assertThat(lines).allMatch(line -> number(line, "lines") <= 1_000);
        assertThat(lines.stream().mapToLong(line -> number(line, "lines")).sum())
                .isEqualTo(2_500);
        assertThat(log().tail()).isEqualTo(2_500);
    }

    @Test
    void aLineMayComeInManyPiecesAndTheLastOneNeedsNoEnd() {
        var client = open(TEXT);
        for (var each : "{\"value\":\"a\u00e9\"}\r\n\n{\"value\":\"b\"}".split("", -1)) {
            if (!each.isEmpty()) {
                client.send(each);
            }
        }
        client.end();

        client.lines();

        assertThat(values()).containsExactly("a\u00e9", "b");
    }

    @Test
    void noLinesAreNoError() {
        var answer = http.post(RECORDS, NDJSON, "\n\n".getBytes(UTF_8));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.raw().body()).isEmpty();
    }

    @Test
    void anErrorBeforeTheFirstAnswerHasAStatus() {
        var client = open(TEXT).send("{\"vlue\":1}\n");

        // The answer does not wait for the end of the body.
        assertThat(client.head()).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense                          | malformed JSON at line 2, column",
                "{\"value\":\"a\"} {}              | more after the JSON object at line 2, column",
                "[]                                | an array at line 2, column",
                "{\"value\":\"a\",\"value\":\"b\"} | 'value' twice at line 2, column",
                "{\"x\":1}                         | member 'x' at line 2, column",
                "{\"value\":\"\\ud800\"}           | at line 2, column",
                "{\"headers\":[{\"key\":\"wal\"}]} | header 'wal' in line 2",
            })
    void aBrokenLineEndsTheStreamAfterTheLinesBeforeIt(String broken, String found) {
        var client = open(TEXT).send(line("a") + broken + "\n" + line("c"));

        var answers = client.lines();

        assertThat(number(answers.get(0), "line")).isEqualTo(1);
        var error = answers.get(1).path("error");
        assertThat(error.path("code").asText()).isEqualTo("INVALID");
        assertThat(error.path("status").asInt()).isEqualTo(400);
        assertThat(error.path("effect").asText()).isEqualTo("none");
        assertThat(error.path("found").asText()).contains(found);
        assertThat(number(error, "line")).isEqualTo(2);
        assertThat(answers).hasSize(2);
        assertThat(values()).containsExactly("a");
    }

    @Test
    void aRecordThatIsTooLargeAndALineThatNeverEndsAreRefused() {
        var value = "x".repeat(HttpFixture.RECORD_MAX_BYTES + 1);
        var large = http.post(TEXT, NDJSON, (line("a") + line(value)).getBytes(UTF_8));
        var endless = http.post(TEXT, NDJSON, ("{\"value\":\"" + "x".repeat(HttpLimits.LINE_BYTES)).getBytes(UTF_8));

        assertThat(large.raw().body()).contains("\"TOO_LARGE\"", "line 2 of 1048577 bytes", "\"line\":2");
        assertThat(endless.status()).isEqualTo(413);
        assertThat(endless.json().path("line").asInt()).isEqualTo(1);
        assertThat(values()).containsExactly("a");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        var line = new byte[] {'{', '}', '\n', '{', '"', 'v', 'a', 'l', 'u', 'e', '"', ':', '"', (byte) 0xff, '"', '}'};

        var answer = http.post(TEXT, NDJSON, line);

        assertThat(answer.raw().body()).contains("not UTF-8 at offset 10 of line 2", "\"line\":2");
        assertThat(log().tail()).isOne();
    }

    /** The client sends without an end, and the log acknowledges nothing: the connection has to fill up, not the memory. */
    @Test
    void aLogThatDoesNotAcknowledgeStopsTheClientAndNothingIsLost() {
        var acknowledged = new CompletableFuture<Void>();
        log().acknowledge = acknowledged;
        var client = open(TEXT);
        var lines = 60_000; // 60 MB, far more than the buffers of a connection
        var sent = new AtomicLong();
        var sending = CompletableFuture.runAsync(() -> {
            for (var at = 0; at < lines; at++) {
                client.send(line(at + "-" + "x".repeat(990)));
                sent.incrementAndGet();
            }
            client.end();
        });

        var before = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> before.getAndSet(sent.get()) == sent.get() && log().tail() > 500);
        assertThat(log().tail() * 1_000).as("bytes in the log").isLessThan(4 << 20);
        assertThat(sending).isNotDone();

        acknowledged.complete(null);
        var answers = client.lines();
        sending.join();
        assertThat(answers.stream().mapToLong(answer -> number(answer, "lines")).sum())
                .isEqualTo(lines);
        assertThat(log().tail()).isEqualTo(lines);
        assertThat(value(59_999)).startsWith("59999-");
    }

    /** The first answers fill the buffers of the connection; the node must not keep the rest of them, and must not wait for ever. */
    @Test
    void aClientThatReadsNoAnswersIsDisconnected() {
        restart(Duration.ofMillis(500));
        var client = open(RECORDS, "Idempotency-Key: s/0"); // a batch a line, and so an answer a line
        var sending = CompletableFuture.runAsync(() -> {
            for (var more = true; more; ) {
                client.send("{}\n".repeat(1_000));
                more = !Thread.currentThread().isInterrupted();
            }
        });

        await().atMost(Duration.ofSeconds(100))
                .until(() -> http.metrics.scrape().contains("seawall_http_slow_total{part=\"answer\"} 1.0"));
        await().atMost(Duration.ofSeconds(60)).until(sending::isCompletedExceptionally);
        await().until(() -> http.metrics.scrape().contains("seawall_append_streams 0.0"));
    }

    private void restart(Duration grace) {
        http.close();
        http = new HttpFixture(HttpFixture.settings()
                .with(new HttpSettings.Connections(1_024, 1_024, 64, grace, grace, 1 << 10, 1_024)));
    }

    @Test
    void aLineThatDoesNotEndInTimeEndsTheStreamAndOneThatHasNotBegunDoesNot() {
        restart(Duration.ofMillis(300));
        var idle = open(TEXT);
        idle.send(line("a"));
        idle.line();
        var client = open(TEXT).send(line("b") + "{\"val");

        var error = error(client);

        assertThat(error.path("status").asInt()).isEqualTo(408);
        assertThat(number(error, "line")).isEqualTo(2);
        assertThat(client.isClosed()).isTrue();
        idle.send(line("c"));
        assertThat(number(idle.line(), "tail")).isEqualTo(3);
    }

    @Test
    void aBodyThatIsCutOffEndsWithTheLinesThatWereWhole() {
        var client = open(TEXT).send(line("a") + "{\"value\":\"b\"}").halfClose();

        var answers = client.lines();

        assertThat(number(answers.get(0), "line")).isEqualTo(1);
        var error = answers.get(1).path("error");
        assertThat(error.path("found").asText()).isEqualTo("a body that is cut off");
        assertThat(number(error, "line")).isEqualTo(2);
        assertThat(values()).containsExactly("a");
    }

    @Test
    void aClientThatClosesOneDirectionGetsAllAnswers() {
        var acknowledged = new CompletableFuture<Void>();
        log().acknowledge = acknowledged;
        var client = open(TEXT).send(line("a")).send(line("b")).end().halfClose();
        awaitTail(2);

        acknowledged.complete(null);

        assertThat(client.lines().stream()
                        .mapToLong(answer -> number(answer, "lines"))
                        .sum())
                .isEqualTo(2);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void aConnectionServesTheNextRequestAfterAStream() {
        assertThat(http.post(RECORDS, NDJSON, "{}".getBytes(UTF_8)).status()).isEqualTo(200);
        assertThat(http.post(RECORDS, NDJSON, "{".getBytes(UTF_8)).status()).isEqualTo(400);
        assertThat(http.post(RECORDS, NDJSON, "{}".getBytes(UTF_8)).status()).isEqualTo(200);
        assertThat(http.metrics.scrape()).contains("seawall_http_connections 1.0");
    }

    @Test
    void aBatchThatFailsEndsTheStreamAtItsFirstLine() {
        var client = open(TEXT).send(line("a"));
        client.line();
        log().appendError =
                Problem.of(ErrorCode.OVERLOADED, "append").pchannel(ORDERS).exception();
        client.send(line("b"));

        var error = error(client);

        assertThat(error.path("code").asText()).isEqualTo("OVERLOADED");
        assertThat(error.path("status").asInt()).isEqualTo(429);
        assertThat(error.path("effect").asText()).isEqualTo("none");
        assertThat(number(error, "line")).isEqualTo(2);
    }

    @Test
    void aFirstBatchThatFailsIsAnsweredAsARequestIs() {
        log().appendError =
                Problem.of(ErrorCode.OVERLOADED, "append").pchannel(ORDERS).exception();

        var answer = http.post(TEXT, NDJSON, line("a").getBytes(UTF_8));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.raw().headers().firstValue("Retry-After")).hasValue("1");
        assertThat(answer.json().path("line").asInt()).isOne();
    }

    /** A client sends again from the line of the error; the lines of the batch that failed would be left out. */
    @Test
    void theLowestLineThatIsNotInTheLogIsNamedAlsoIfALaterOneWasFoundBrokenBefore() {
        var client = open(TEXT).send(line("a"));
        client.line();
        var acknowledged = new CompletableFuture<Void>();
        log().acknowledge = acknowledged.thenRun(() -> {
            throw Problem.of(ErrorCode.OVERLOADED, "append").pchannel(ORDERS).exception();
        });
        client.send(line("b"));
        awaitTail(2);
        client.send(line("c") + "nonsense\n");
        awaitTail(3);

        acknowledged.complete(null);

        var error = error(client);
        assertThat(error.path("code").asText()).isEqualTo("OVERLOADED");
        assertThat(number(error, "line")).isEqualTo(2);
    }

    @Test
    void aLogThatThrowsAnExceptionEndsTheStream() {
        log().appendThrows = new IllegalStateException("a bug");

        var answer = http.post(TEXT, NDJSON, line("a").getBytes(UTF_8));

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text("effect")).isEqualTo("unknown");
        assertThat(answer.json().path("line").asInt()).isOne();
        assertThat(http.metrics.scrape()).contains("seawall_append_streams 0.0");
    }

    /** The log refused a batch and then took the next one, which was sent already: the answers have to show it. */
    @Test
    void aBatchThatSucceedsBehindOneThatFailedIsAnsweredBeforeTheError() {
        var acknowledged = new CompletableFuture<Void>();
        log().acknowledge = acknowledged.thenRun(() -> {
            throw Problem.of(ErrorCode.OUTCOME_UNKNOWN, "append")
                    .effect(Effect.UNKNOWN)
                    .exception();
        });
        var client = open(TEXT).send(line("a"));
        awaitTail(1);
        log().acknowledge = CompletableFuture.completedFuture(null);
        client.send(line("b"));
        awaitTail(2);

        acknowledged.complete(null);

        var answers = client.lines();
        assertThat(number(answers.get(0), "line")).isEqualTo(2);
        assertThat(number(answers.get(1).path("error"), "line")).isEqualTo(1);
        assertThat(answers.get(1).path("error").path("effect").asText()).isEqualTo("unknown");
    }

    @Test
    void aSessionNumbersItsBatchesWhichHaveTheSameLinesHoweverTheyArrive() {
        var client = open(TEXT + "&batch=2", "Idempotency-Key: s/5");
        client.send(line("a"));
        client.send(line("b") + line("c") + line("d") + line("e"));
        client.end();

        var answers = client.lines();

        assertThat(answers.stream().map(answer -> number(answer, "seq")).toList())
                .containsExactly(5L, 6L, 7L);
        assertThat(answers.stream().map(answer -> number(answer, "lines")).toList())
                .containsExactly(2L, 2L, 1L);
        assertThat(Objects.requireNonNull(log().lastRequest).writer()).isEqualTo(new WriterSeq("s", 7));
    }

    @Test
    void aSessionHasALineABatchAndAtMostFiveUnderWay() {
        var acknowledged = new CompletableFuture<Void>();
        log().acknowledge = acknowledged;
        var client =
                open(RECORDS, "Idempotency-Key: s/0").send("{}\n".repeat(20)).end();
        awaitTail(5);
        assertThat(Objects.requireNonNull(log().lastRequest).writer()).isEqualTo(new WriterSeq("s", 4));

        acknowledged.complete(null);

        assertThat(client.lines()).hasSize(20);
        assertThat(Objects.requireNonNull(log().lastRequest).writer()).isEqualTo(new WriterSeq("s", 19));
    }

    @Test
    void aRepetitionIsAnsweredAsOne() {
        log().repeats = new Appended(3, 10, 10, true);

        var answer = open(RECORDS, "Idempotency-Key: s/0").send("{}\n").end().line();

        assertThat(String.valueOf(answer))
                .isEqualTo("{\"line\":1,\"lines\":1,\"term\":3,\"first\":10,\"last\":10,\"tail\":11,\"seq\":0,"
                        + "\"repeated\":true}");
    }

    @Test
    void aBrokenLineOfASessionSendsNoPartOfABatch() {
        var client = open(TEXT + "&batch=3", "Idempotency-Key: s/0");
        client.send(line("a") + line("b") + line("c") + line("d") + "nonsense\n");

        var answers = client.lines();

        assertThat(answers).hasSize(2);
        assertThat(number(answers.get(0), "line")).isEqualTo(3);
        assertThat(number(answers.get(1).path("error"), "line")).isEqualTo(5);
        assertThat(values()).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @CsvSource({
        "?batch=2, , batch without a writer session",
        "?batch=0, s/0, batch=",
        "?batch=1001, s/0, batch=",
        "?ifTail=0, , ifTail",
        "'', s, 's'",
    })
    void refusesAQueryThatDoesNotBelongToLines(String query, String session, String found) {
        var request =
                http.request(RECORDS + query).header("Content-Type", NDJSON).POST(BodyPublishers.ofString("{}"));

        var answer = http.send(session == null ? request : request.header("Idempotency-Key", session));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("found")).contains(found);
        assertThat(log().tail()).isZero();
    }

    @Test
    void refusesAnotherCharsetAndACoding() {
        var charset = http.post(RECORDS, NDJSON + ";charset=utf-16", "{}".getBytes(UTF_8));
        var coding = http.send(http.request(RECORDS)
                .headers("Content-Type", NDJSON, "Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("{}")));

        assertThat(charset.status()).isEqualTo(415);
        assertThat(coding.status()).isEqualTo(415);
        assertThat(coding.raw().headers().firstValue("Accept-Encoding")).hasValue("identity");
    }

    @Test
    void isRedirectedBeforeTheBodyIsSent() {
        http.node.owners.put(ORDERS, new PChannelStatus.Ownership(8, 0, "n2", "http://n2.example:7070"));

        var client = open(TEXT, "Expect: 100-continue");

        assertThat(client.head()).startsWith("HTTP/1.1 307 ").contains("Location: http://n2.example:7070" + TEXT);
    }

    @Test
    void aClientThatWaitsForPermissionGetsIt() {
        var client = open(TEXT, "Expect: 100-continue");
        assertThat(client.interim()).startsWith("HTTP/1.1 100 ");

        client.send(line("a"));

        assertThat(number(client.line(), "tail")).isOne();
    }

    @Test
    void aNodeThatStopsEndsItsStreams() {
        var client = open(TEXT).send(line("a"));
        client.line();

        http.server.close();

        var error = error(client);
        assertThat(error.path("code").asText()).isEqualTo("SHUTTING_DOWN");
        assertThat(number(error, "line")).isEqualTo(2);
    }

    @Test
    void thereAreOnlySoManyStreams() {
        restart(Duration.ofSeconds(10));
        for (var at = 0; at < HttpLimits.APPEND_STREAMS; at++) {
            open(TEXT);
        }
        await().until(() -> http.metrics.scrape().contains("seawall_append_streams 256.0"));

        var answer = http.post(TEXT, NDJSON, new byte[0]);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("code")).isEqualTo("OVERLOADED");
        assertThat(answer.raw().headers().firstValue("Retry-After")).isPresent();
        clients.forEach(DuplexClient::close);
        await().until(() -> http.metrics.scrape().contains("seawall_append_streams 0.0"));
    }
}
