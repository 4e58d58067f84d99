package io.seawall.cli.append;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.cli.Cli;
import io.seawall.cli.FakeNode;
import io.seawall.cli.FakeNodeLog;
import io.seawall.cli.command.Json;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    void keepsAValueThatStartsWithAnAtSign() {
        assertThat(append("@/etc/hostname").code()).isZero();
        assertThat(log.lines()).isEqualTo("@/etc/hostname\n".getBytes(UTF_8));
    }

    @Test
    void answersWithOneJsonObject() {
        assertThat(append("v", "--json").out())
                .isEqualTo("{\"records\":1,\"bytes\":1,\"term\":7,\"first\":0,\"last\":0}\n");
    }

    @Test
    void appendsEachLineInOrderWithAFewRequestsInFlight() {
        // given: 20,000 lines of noise, some empty, some of 75 kB, and more batches than the queue holds
        var random = new SplittableRandom(42);
        var input = new ByteArrayOutputStream();
        for (var line = 0; line < 20_000; line++) {
            var bytes = new byte[line % 997 == 0 ? 75_000 : random.nextInt(80)];
            random.nextBytes(bytes);
            for (var i = 0; i < bytes.length; i++) {
                bytes[i] = bytes[i] == '\n' ? 0 : bytes[i];
            }
            input.writeBytes(bytes);
            input.write('\n');
        }

        // when
        var outcome = Cli.run(input.toByteArray(), args("--lines"));

        // then
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo("20000 lines acknowledged, LSN 0 to 19999, term 7\n");
        assertThat(log.lines()).isEqualTo(input.toByteArray());
        assertThat(node.mostInFlight()).isBetween(2, SessionWindow.SIZE);
        assertThat(node.requests())
                .hasSizeGreaterThanOrEqualTo(20)
                .allSatisfy(request -> assertThat(request.idempotencyKey()).isNotEmpty())
                .allSatisfy(request ->
                        assertThat(request.body().get("records")).hasSizeLessThanOrEqualTo(AppendBatch.MAX_RECORDS));
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

            var lines = Cli.run("a\nb\n".getBytes(UTF_8), "append", "orders-3", "--lines", "--url", first.url());

            assertThat(lines.err()).isEmpty();
            assertThat(lines.out()).isEqualTo("2 lines acknowledged, LSN 0 to 1, term 7\n");
            assertThat(attempts).hasValue(3);

            attempts.set(0);
            var one = Cli.run("append", "orders-3", "c", "--url", first.url());

            assertThat(one.out()).isEqualTo("1 record acknowledged, LSN 2, term 7\n");
            assertThat(attempts).hasValue(3);
        }
    }

    @Test
    void doesNotHoldBackALineUntilMoreInputComes() throws Exception {
        // given: an input that stays open
        var typed = new PipedOutputStream();
        var input = new PipedInputStream(typed);
        var running = CompletableFuture.supplyAsync(() -> Cli.run(input, args("--lines")));

        // when
        typed.write("first\n".getBytes(UTF_8));
        typed.flush();

        // then
        await().atMost(Duration.ofSeconds(10)).until(() -> log.records().size() == 1);
        typed.write("second".getBytes(UTF_8));
        typed.close();
        assertThat(running.join().out()).isEqualTo("2 lines acknowledged, LSN 0 to 1, term 7\n");
    }

    @Test
    void appendsNothingOfAnEmptyInput() {
        assertThat(Cli.run(new byte[0], args("--lines")).out()).isEqualTo("0 lines acknowledged\n");
        assertThat(node.requests()).isEmpty();
    }

    @Test
    void statesHowManyLinesWereAcknowledgedIfTheNodeRefuses() {
        // given: every batch from the fourth on is refused
        log.refuseFrom(4, FakeNode.problem(500, "DATA_LOSS", "none", "records are missing"));

        // when
        var outcome = Cli.run("line\n".repeat(100_000).getBytes(UTF_8), args("--lines"));

        // then
        var acknowledged = log.records().size();
        assertThat(acknowledged).isPositive();
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith(
                        "seawall: DATA_LOSS: records are missing; " + acknowledged + " lines acknowledged, LSN 0 to "
                                + (acknowledged - 1) + ", term 7; lines " + (acknowledged + 1) + " to ")
                .endsWith(" not written\n")
                .hasLineCount(1);
    }

    @Test
    void statesThatABatchMayHaveBeenWritten() {
        log.refuseFrom(1, FakeNode.problem(504, "OUTCOME_UNKNOWN", "unknown", "the answer was lost"));

        var outcome = Cli.run("a\n".getBytes(UTF_8), args("--lines", "--json", "--retry", "0s"));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("0 lines acknowledged; line 1 may have been written, in order and in whole batches");
        assertThat(outcome.out())
                .startsWith("{\"records\":0,\"bytes\":0,\"term\":null")
                .contains("\"error\":\"OUTCOME");
    }

    @Test
    void showsTheProblemOfALineAboveTheRecordLimit() {
        log.refuseFrom(1, FakeNode.problem(413, "TOO_LARGE", "none", "a record of 2000000 bytes, at most 1048576"));

        var outcome = Cli.run(new byte[2_000_000], args("--lines"));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("TOO_LARGE: a record of 2000000 bytes, at most 1048576; 0 lines acknowledged");
    }

    @Test
    void sendsWhatCameBeforeALineThatIsTooLongForTheClient() {
        // given
        var input = new byte[LineAppend.LONGEST_LINE_BYTES + 10];
        input[1] = '\n';

        // when
        var outcome = Cli.run(input, args("--lines"));

        // then
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("line 2 is longer than").contains("1 line acknowledged, LSN 0, term 7");
        assertThat(log.records()).hasSize(1);
    }

    @Test
    void refusesAnAcknowledgementThatDoesNotFitTheBatch() {
        node.on("POST " + FakeNodeLog.RECORDS, 200, "{\"term\":7,\"first\":0,\"last\":0,\"tail\":1}");

        var outcome = Cli.run("a\nb\n".getBytes(UTF_8), args("--lines"));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("BAD_ANSWER: expected an acknowledgement of 2 records");
    }

    @Test
    void followsARedirectToTheOwnerAndThenAsksItDirectly() {
        // given
        try (var owner = new FakeNode()) {
            var ownersLog = new FakeNodeLog().on(owner);
            node.on(
                    "POST " + FakeNodeLog.RECORDS,
                    request -> new FakeNode.Answer(307, "application/json", "", owner.url() + FakeNodeLog.RECORDS));

            // when
            var outcome = Cli.run("line\n".repeat(5_000).getBytes(UTF_8), args("--lines"));

            // then
            assertThat(outcome.code()).isZero();
            assertThat(ownersLog.records()).hasSize(5_000);
            assertThat(node.requests()).hasSize(1);
        }
    }

    @Test
    void linesAreWrittenOnceAlsoIfAnswersAreLostAndRequestsTurnedAway() {
        // given
        log.losesTheAnswersOf(0L, 7L, 8L, 20L).turnsAway(3L, 9L, 21L);
        var input = numbers(50_000);

        // when
        var outcome = Cli.run(input, args("--lines"));

        // then
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo("50000 lines acknowledged, LSN 0 to 49999, term 7\n");
        assertThat(log.lines()).isEqualTo(input);
        assertThat(log.repetitions()).isEqualTo(4);
    }

    @Test
    void aRunThatContinuesASessionGoesOnWithItsNumber() {
        assertThat(Cli.run(numbers(10), args("--lines", "--writer", "w")).code())
                .isZero();

        var again = Cli.run(numbers(10), args("--lines", "--writer", "w"));
        var more = Cli.run(numbers(10), args("--lines", "--writer", "w", "--seq", "1"));

        assertThat(again.code())
                .as("no line of a second input is taken for one of the first")
                .isEqualTo(1);
        assertThat(again.err()).contains("SESSION_IN_USE", "w/0", "--seq").contains("lines 1 to 10 not written");
        assertThat(more.code()).isZero();
        assertThat(log.records()).hasSize(20);
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
    void aNodeThatWasNeverThereIsNotWaitedFor() {
        node.close();

        var outcome = Cli.run(numbers(10), args("--lines"));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("NO_CONNECTION", "lines 1 to 10 not written");
    }

    private static byte[] numbers(int count) {
        var text = new StringBuilder();
        for (var line = 0; line < count; line++) {
            text.append(line).append('\n');
        }
        return text.toString().getBytes(UTF_8);
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
