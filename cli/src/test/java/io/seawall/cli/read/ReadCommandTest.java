package io.seawall.cli.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.cli.Cli;
import io.seawall.cli.FakeNode;
import io.seawall.cli.FakeNode.Answer;
import io.seawall.cli.FakeNodeLog;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadCommandTest {
    private final FakeNode node = new FakeNode();
    private final FakeNodeLog log = new FakeNodeLog().on(node);

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void writesEachValueAndANewlineUntilTheTail() {
        // given: several pages of bytes that are not text
        var random = new SplittableRandom(7);
        for (var i = 0; i < 50; i++) {
            var value = new byte[random.nextInt(200)];
            random.nextBytes(value);
            log.add(Json.object().put("value", value));
        }
        log.pagesOf(7);

        // when
        var outcome = read("--from", "oldest", "--until-tail");

        // then
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.bytes()).isEqualTo(log.lines());
    }

    @Test
    void beginsAtAMoment() {
        log.add("a").add("b").add("c").pagesOf(2);

        assertThat(read("--at", "1970-01-01T01:00:01+01:00", "--until-tail").out())
                .isEqualTo("a\nb\nc\n");
        assertThat(read("--at", "1970-01-01T00:00:02Z", "--until-tail").out()).isEmpty();
    }

    @Test
    void refusesTwoBeginningsAndWhatIsNoMoment() {
        var both = read("--at", "1970-01-01T00:00:02Z", "--from", "0");
        var noMoment = read("--at", "yesterday");

        assertThat(both.code()).isEqualTo(ExitCode.USAGE);
        assertThat(both.err()).contains("--from and --at");
        assertThat(noMoment.code()).isEqualTo(ExitCode.USAGE);
        assertThat(noMoment.err()).contains("yesterday");
    }

    @Test
    void endsAtOnceInAnEmptyLog() {
        var outcome = read("--until-tail");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.bytes()).isEmpty();
        assertThat(node.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.number("waitMs")).isZero());
    }

    @Test
    void stopsAtTheTailThatTheFirstPageNamed() {
        // given: six records, of which two came after reading began
        for (var i = 0; i < 6; i++) {
            log.add("r" + i);
        }
        log.pagesOf(3).tailAtStart(4);

        // when, then
        assertThat(read("--until-tail").out()).isEqualTo("r0\nr1\nr2\nr3\n");
    }

    @Test
    void startsAtAnLsnAndStopsAtTheLimit() {
        log.add("a").add("b").add("c").add("d").pagesOf(1);

        assertThat(read("--from", "1", "--limit", "2").out()).isEqualTo("b\nc\n");
    }

    @Test
    void writesANullValueAsAnEmptyLineAndTellsThemApartInJson() {
        // given
        log.add(Json.object().putNull("value")).add("");

        // when, then
        assertThat(read("--until-tail").out()).isEqualTo("\n\n");
        assertThat(read("--until-tail", "--json").out()).isEqualTo("""
                        {"lsn":0,"term":7,"timestampMs":1000,"key":null,"value":null,"headers":[]}
                        {"lsn":1,"term":7,"timestampMs":1000,"key":null,"value":"","headers":[]}
                        """);
    }

    @Test
    void followsWhatIsAppendedLater() throws Exception {
        // given
        log.add("before");
        var written = new ByteArrayOutputStream();
        var running = CompletableFuture.supplyAsync(
                () -> Cli.run(InputStream.nullInputStream(), written, args("--from", "oldest", "--limit", "2")));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> written.toString(UTF_8).equals("before\n"));

        // when
        log.add("after");

        // then
        assertThat(running.get().code()).isZero();
        assertThat(written.toString(UTF_8)).isEqualTo("before\nafter\n");
    }

    @Test
    void startsAtTheTailWithoutLosingWhatComesBetweenPages() throws Exception {
        // given
        log.add("old");
        var running = CompletableFuture.supplyAsync(() -> read("--from", "tail", "--limit", "1"));
        await().atMost(Duration.ofSeconds(10)).until(() -> node.requests().size() >= 2);

        // when
        log.add("new");

        // then
        assertThat(running.get().out()).isEqualTo("new\n");
        assertThat(node.requests().get(1).query()).containsEntry("from", "1");
    }

    @Test
    void failsAtAGapInsideAPageAndWritesNothingBeyondIt() {
        log.add("a").add("b").add("c").renumber(2, 3);

        var outcome = read("--until-tail");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEqualTo("a\nb\n");
        assertThat(outcome.err())
                .isEqualTo("seawall: GAP: cannot read orders-3: found record with LSN 3, expected 2\n");
    }

    @Test
    void failsAtAGapBetweenPages() {
        log.add("a").add("b").add("c").pagesOf(2).renumber(2, 9);

        var outcome = read("--until-tail", "--json");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("GAP", "LSN 9, expected 2");
    }

    @Test
    void failsAtARepeatedRecord() {
        log.add("a").add("b").add("c").renumber(2, 1);

        assertThat(read("--until-tail").err()).contains("OUT_OF_ORDER", "LSN 1, expected 2");
    }

    @Test
    void failsIfTheFirstRecordIsNotTheOneAskedFor() {
        log.add("a").add("b").renumber(1, 5);

        var outcome = read("--from", "1", "--until-tail");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("LSN 5, expected 1");
    }

    @Test
    void failsIfThePageIsCutShort() {
        node.on("GET " + FakeNodeLog.RECORDS, 200, "{\"records\":[{\"lsn\":0,\"value\":\"YQ==\"},{\"lsn\":1,");

        var outcome = read("--until-tail", "--retry", "0s");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEqualTo("a\n");
        assertThat(outcome.err()).startsWith("seawall: NO_ANSWER: ").hasLineCount(1);
    }

    @Test
    void readsOnBehindTheLastRecordThatItWroteAfterAPageThatWasCutShort() {
        var answers = List.of(
                Answer.json(200, "{\"records\":[{\"lsn\":0,\"value\":\"YQ==\"},{\"lsn\":1,"),
                FakeNode.problem(503, "UNAVAILABLE", "none", "no Kafka"),
                new Answer(307, "text/plain", "", "http://127.0.0.1:1/dead"),
                Answer.json(200, "{\"records\":[{\"lsn\":1,\"value\":\"Yg==\"}],\"next\":2,\"tail\":2}"));
        var at = new AtomicInteger();
        node.on("GET " + FakeNodeLog.RECORDS, request -> answers.get(at.getAndIncrement()));

        var outcome = read("--until-tail");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo("a\nb\n");
        assertThat(node.requests().get(3).query()).containsEntry("from", "1");
    }

    @Test
    void doesNotRetryWhatDoesNotPass() {
        node.on("GET " + FakeNodeLog.RECORDS, any -> FakeNode.problem(416, "TRIMMED", "none", "oldest 7"));

        assertThat(read("--until-tail").err()).startsWith("seawall: TRIMMED: ");
        assertThat(node.requests()).hasSize(1);
    }

    @Test
    void requestsTheGivenView() {
        assertThat(read("--until-tail", "--view", "committed").code()).isZero();
        assertThat(node.requests().get(0).query()).containsEntry("view", "committed");
    }

    @Test
    void endsQuietlyWhenTheReaderOfThePipeGoesAway() {
        log.add("a");

        var outcome = Cli.run(InputStream.nullInputStream(), failing("Broken pipe"), args("--until-tail"));

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void statesWhyStandardOutputCannotBeWritten() {
        log.add("a");

        var outcome = Cli.run(InputStream.nullInputStream(), failing("No space left on device"), args("--until-tail"));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).isEqualTo("seawall: cannot write standard output: No space left on device\n");
    }

    @Test
    void refusesWrongUsageWithoutARequest() {
        assertThat(read("--from", "yesterday").code()).isEqualTo(2);
        assertThat(read("--from", "-1").code()).isEqualTo(2);
        assertThat(read("--limit", "0").code()).isEqualTo(2);
        assertThat(read("--view", "dead").code()).isEqualTo(2);
        assertThat(node.requests()).isEmpty();
    }

    private Cli.Outcome read(String... more) {
        return Cli.run(args(more));
    }

    private String[] args(String... more) {
        var args = new ArrayList<>(List.of("read", "orders-3", "--url", node.url()));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }
}
