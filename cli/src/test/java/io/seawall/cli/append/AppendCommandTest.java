package io.seawall.cli.append;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.cli.Cli;
import io.seawall.cli.FakeNode;
import io.seawall.cli.FakeNodeLog;
import io.seawall.cli.command.Json;
import io.seawall.client.log.Ack;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppendCommandTest {
    private final FakeNode node = new FakeNode();
    private final FakeNodeLog log = new FakeNodeLog().on(node);

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void appendsOneValueWithKeyAndHeadersInOrder() throws Exception {
        // when
        var outcome = append("größe", "--key", "k", "--header", "a=1", "--header", "b==2", "--header", "a=");

        // then
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).isEqualTo("1 record acknowledged, LSN 0, term 7\n");
        var record = log.records().get(0);
        assertThat(record.get("value").binaryValue()).isEqualTo("größe".getBytes(UTF_8));
        assertThat(record.get("key").binaryValue()).isEqualTo("k".getBytes(UTF_8));
        assertThat(Json.line(record.get("headers")))
                .isEqualTo(
                        "[{\"key\":\"a\",\"value\":\"MQ==\"},{\"key\":\"b\",\"value\":\"PTI=\"},{\"key\":\"a\",\"value\":\"\"}]");
    }

    @Test
    void appendsAllOfStandardInputAsOneValue() throws Exception {
        // when
        var outcome = Cli.run("two\nlines\n".getBytes(UTF_8), args());

        // then
        assertThat(outcome.code()).isZero();
        assertThat(log.records()).hasSize(1);
        assertThat(log.records().get(0).get("value").binaryValue()).isEqualTo("two\nlines\n".getBytes(UTF_8));
        assertThat(log.records().get(0).get("key").isNull()).isTrue();
    }

    @Test
    void keepsAValueThatStartsWithAnAtSign() throws Exception {
        assertThat(append("@/etc/hostname").code()).isZero();
        assertThat(log.records().get(0).get("value").binaryValue()).isEqualTo("@/etc/hostname".getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text   | { a }                 | { a }",
                "json   | { \"a\": [1.50, \"x\"] }  | {\"a\":[1.50,\"x\"]}",
                "base64 | aGVsbG8=              | hello",
            })
    void appendsWhatAValueOfAFormatMeans(String format, String value, String stored) throws Exception {
        var outcome = append(value, "--format", format);

        assertThat(outcome.err()).isEmpty();
        assertThat(log.records().get(0).get("value").binaryValue()).isEqualTo(stored.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "json   | hello    | a value that is not one JSON value",
                "json   | {}{}     | a value that is not one JSON value",
                "json   | {        | a value that is not one JSON value",
                "json   | ``       | a value that is not one JSON value",
                "base64 | hello!   | a value that is not base64",
                "auto   | 1        | --format auto is for read",
            })
    void refusesAValueThatIsNotOfItsFormat(String format, String value, String why) {
        var outcome = append(value, "--format", format);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains(why);
        assertThat(node.requests()).isEmpty();
    }

    @Test
    void saysThatTheLogHadTheRecordBefore() {
        node.on("POST " + FakeNodeLog.RECORDS, 200, "{\"term\":7,\"first\":3,\"last\":3,\"tail\":4,\"repeated\":true}");

        assertThat(append("v", "--writer", "w").out()).isEqualTo("1 record acknowledged, LSN 3, term 7 (repeated)\n");
        assertThat(append("v", "--writer", "w", "--json").out())
                .isEqualTo("{\"records\":1,\"bytes\":1,\"term\":7,\"first\":3,\"last\":3,\"repeated\":1}\n");
    }

    @Test
    void countsWhichLinesTheLogHadBefore() {
        var some = AppendTotals.NOTHING.plus(2, 2, new Ack(7, 0, 1, true)).plus(1, 1, new Ack(7, 2, 2, false));

        assertThat(some.text("line")).isEqualTo("3 lines acknowledged, LSN 0 to 2, term 7 (2 of them repeated)");
    }

    @Test
    void answersWithOneJsonObject() {
        assertThat(append("v", "--json").out())
                .isEqualTo("{\"records\":1,\"bytes\":1,\"term\":7,\"first\":0,\"last\":0}\n");
    }

    @Test
    void appendsThoughTheOwnerToWhichItIsSentIsDeadAtFirst() {
        var attempts = new AtomicInteger();
        try (var first = new FakeNode()) {
            first.on(
                    "POST " + FakeNodeLog.RECORDS,
                    any -> new FakeNode.Answer(
                            307,
                            "text/plain",
                            "",
                            (attempts.incrementAndGet() < 3 ? "http://127.0.0.1:1" : node.url())
                                    + FakeNodeLog.RECORDS));

            var outcome = Cli.run("append", "orders-3", "c", "--url", first.url());

            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out()).isEqualTo("1 record acknowledged, LSN 0, term 7\n");
            assertThat(attempts).hasValue(3);
        }
    }

    @Test
    void aSingleValueMayHaveAnExpectedTailAndASequenceNumber() {
        append("v", "--writer", "w", "--seq", "0", "--if-tail", "5");

        var request = node.requests().get(0);
        assertThat(request.idempotencyKey()).isEqualTo("w/0");
        assertThat(request.body().path("ifTail").asLong()).isEqualTo(5);
    }

    @Test
    void aSingleValueHasNoSessionByDefault() {
        append("v");

        assertThat(node.requests().get(0).idempotencyKey()).isEmpty();
        assertThat(node.requests().get(0).body().has("ifTail")).isFalse();
    }

    @Test
    void refusesAnAcknowledgementThatIsNotOfOneRecord() {
        node.on("POST " + FakeNodeLog.RECORDS, 200, "{\"term\":7,\"first\":0,\"last\":1,\"tail\":2}");

        var outcome = append("v");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("BAD_ANSWER: expected an acknowledgement of 1 record");
    }

    @Test
    void linesAreNotReadIfTheNodeIsNotThere() {
        node.close();

        var outcome = lines();

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("NO_CONNECTION", node.url(), "0 lines acknowledged");
    }

    @Test
    void linesNeedANodeThatServesGrpc() {
        node.on("GET /version", 200, "{\"version\":\"1\",\"node\":\"n1\",\"java\":\"17\"}");

        var outcome = lines("--json");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("seawall: NO_GRPC: ").contains(node.url(), "grpc.enabled=true", "--grpc");
        assertThat(outcome.out())
                .startsWith("{\"records\":0,\"bytes\":0,\"term\":null")
                .contains("\"error\":\"NO_GRPC");
    }

    @Test
    void aGrpcAddressAtWhichNothingAnswersIsNamedAtOnce() {
        node.on("GET /version", 200, "{\"version\":\"1\",\"grpc\":\"127.0.0.1:1\"}");

        var told = lines();
        var given = lines("--grpc", "127.0.0.1:2");

        assertThat(told.code()).isEqualTo(1);
        assertThat(told.err()).contains("NO_CONNECTION: nothing answers at 127.0.0.1:1", node.url(), "--grpc");
        assertThat(given.err())
                .contains("NO_CONNECTION: nothing answers at 127.0.0.1:2")
                .doesNotContain(node.url());
        assertThat(node.requests()).as("a given address is not asked for").hasSize(1);
    }

    @Test
    void anAddressThatIsNoneIsABadAnswer() {
        node.on("GET /version", 200, "{\"version\":\"1\",\"grpc\":\"here\"}");

        assertThat(lines().err())
                .startsWith("seawall: BAD_ANSWER: " + node.url() + "/version: ")
                .contains("'here'");
    }

    private Cli.Outcome lines(String... more) {
        var args = new ArrayList<>(List.of(args("--lines")));
        args.addAll(List.of(more));
        return Cli.run("a\nb\n".getBytes(UTF_8), args.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"caf\uFFFD\uFFFD", "caf\ud83d"})
    void refusesAnArgumentThatTheLocaleCouldNotDecode(String argument) {
        for (var outcome : List.of(
                append(argument),
                append("v", "--key", argument),
                append("v", "--header", "h=" + argument),
                append("v", "--header", argument + "=x"),
                append("--lines", "--header", argument + "=x"))) {
            assertThat(outcome.code()).isEqualTo(2);
            assertThat(outcome.err()).contains("locale");
        }
    }

    @Test
    void refusesWrongUsageWithoutARequest() {
        assertThat(append("v", "--lines").code()).isEqualTo(2);
        assertThat(append("v", "--header", "noequals").code()).isEqualTo(2);
        assertThat(append("v", "--seq", "1").code()).isEqualTo(2);
        assertThat(append("--lines", "--seq", "1").code()).isEqualTo(2);
        assertThat(append("v", "--writer", "a/b").code()).isEqualTo(2);
        assertThat(append("v", "--writer", "w", "--seq", "-1").code()).isEqualTo(2);
        assertThat(append("v", "--if-tail", "-1").code()).isEqualTo(2);
        assertThat(append("--lines", "--if-tail", "1").code()).isEqualTo(2);
        assertThat(append("--lines", "--grpc", "7071").code()).isEqualTo(2);
        assertThat(Cli.run("append").code()).isEqualTo(2);
        assertThat(Cli.run("append", "Not/A/Log", "v").code()).isEqualTo(2);
        assertThat(node.requests()).isEmpty();
    }

    private Cli.Outcome append(String... more) {
        return Cli.run(args(more));
    }

    private String[] args(String... more) {
        var args = new ArrayList<>(List.of("append", "orders-3", "--url", node.url()));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }
}
