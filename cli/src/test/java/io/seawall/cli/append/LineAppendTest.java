package io.seawall.cli.append;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.seawall.cli.command.OutputOptions;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.command.ValueFormat;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.Header;
import io.seawall.client.log.SeawallException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LineAppendTest {
    private static final RecordTemplate PLAIN = new RecordTemplate(null, List.of());
    private static final Duration SOON = Duration.ofSeconds(10);

    private final FakeWriter writer = new FakeWriter();
    private ValueFormat format = ValueFormat.TEXT;

    private AppendTotals append(InputStream input, RecordTemplate template, boolean firstGoesAlone) {
        var err = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
        var stdio = Stdio.of(InputStream.nullInputStream(), OutputStream.nullOutputStream(), err, false, false);
        try {
            return new LineAppend(writer, template, format, firstGoesAlone, new OutputOptions(stdio).progress(true))
                    .run(input);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private AppendTotals append(byte[] input) {
        return append(new ByteArrayInputStream(input), PLAIN, false);
    }

    private AppendFailed failure(byte[] input) {
        return catchThrowableOfType(AppendFailed.class, () -> append(input));
    }

    private static SeawallException error(String code, Effect effect, Map<String, Long> numbers) {
        return SeawallException.of(code, "the log said so")
                .effect(effect)
                .numbers(numbers)
                .build();
    }

    private static SeawallException error(String code) {
        return error(code, Effect.NONE, Map.of());
    }

    private static byte[] lines(int count) {
        var text = new StringBuilder();
        for (var line = 1; line <= count; line++) {
            text.append(line).append('\n');
        }
        return text.toString().getBytes(UTF_8);
    }

    @Test
    void appendsEachLineInOrderInGroups() {
        // given: noise, some lines empty and some of 75 kB
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
        var totals = append(input.toByteArray());

        // then
        assertThat(totals.text("line")).isEqualTo("20000 lines acknowledged, LSN 0 to 19999, term 7");
        assertThat(totals.bytes()).isEqualTo(input.size() - 20_000);
        assertThat(writer.lines()).isEqualTo(input.toByteArray());
        assertThat(writer.appends()).isBetween(200, 400);
    }

    @Test
    void appendsTheLinesBeforeTheOneThatIsNotOfItsFormat() {
        format = ValueFormat.JSON;

        var failure = failure("{ \"a\": 1 }\n[2]\nplain\n{}\n".getBytes(UTF_8));

        assertThat(failure)
                .hasMessageStartingWith("line 3: found a value that is not one JSON value")
                .hasMessageContaining("2 lines acknowledged, LSN 0 to 1");
        assertThat(writer.lines()).isEqualTo("{\"a\":1}\n[2]\n".getBytes(UTF_8));
    }

    @Test
    void givesEachLineTheKeyAndTheHeaders() {
        var template = new RecordTemplate(new byte[] {7}, List.of(new Header("h", new byte[3])));

        var totals = append(new ByteArrayInputStream("ab\n\n".getBytes(UTF_8)), template, false);

        assertThat(totals.bytes()).isEqualTo(2 * (1 + 1 + 3) + 2);
        assertThat(writer.records()).hasSize(2).allSatisfy(record -> {
            assertThat(record.key()).containsExactly(7);
            assertThat(record.headers()).hasSize(1);
        });
    }

    @Test
    void doesNotHoldBackALineUntilMoreInputComes() throws Exception {
        // given: an input that stays open
        var typed = new PipedOutputStream();
        var input = new PipedInputStream(typed);
        var running = CompletableFuture.supplyAsync(() -> append(input, PLAIN, false));

        // when
        typed.write("first\n".getBytes(UTF_8));
        typed.flush();

        // then
        await().atMost(SOON).until(() -> writer.records().size() == 1);
        typed.write("second".getBytes(UTF_8));
        typed.close();
        assertThat(running.join().records()).isEqualTo(2);
    }

    @Test
    void appendsNothingOfAnEmptyInput() {
        assertThat(append(new byte[0]).text("line")).isEqualTo("0 lines acknowledged");
        assertThat(writer.appends()).isZero();
    }

    @Test
    void boundsTheLinesWithoutAnAnswer() {
        writer.hold();
        var running = CompletableFuture.supplyAsync(() -> append(lines(50_000)));
        await().atMost(SOON).until(() -> writer.outstanding() > LineWindow.MOST_LINES - LineGroup.MOST_LINES);
        assertThat(running).isNotDone();

        writer.release();

        assertThat(running.join().records()).isEqualTo(50_000);
        assertThat(writer.lines()).isEqualTo(lines(50_000));
        assertThat(writer.mostOutstanding()).isLessThanOrEqualTo(LineWindow.MOST_LINES);
    }

    @Test
    void nothingFollowsTheFirstLinesOfAGivenSessionBeforeTheyAreAcknowledged() {
        writer.hold();
        var running = CompletableFuture.supplyAsync(() -> append(new ByteArrayInputStream(lines(1_000)), PLAIN, true));
        await().atMost(SOON).until(() -> writer.appends() > 0 && isTheInputWaiting());
        assertThat(writer.appends()).isEqualTo(1);

        writer.release();

        assertThat(running.join().records()).isEqualTo(1_000);
    }

    private static boolean isTheInputWaiting() {
        return inputThreads().anyMatch(thread -> thread.getState() == Thread.State.WAITING);
    }

    private static Stream<Thread> inputThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("seawall-append-input"));
    }

    @Test
    void statesHowManyLinesWereAcknowledgedIfTheLogRefuses() {
        writer.failFrom(4, error(Codes.DATA_LOSS));

        assertThat(failure(lines(100_000)))
                .hasMessageStartingWith(
                        "DATA_LOSS: the log said so; 300 lines acknowledged, LSN 0 to 299, term 7; lines 301 to ")
                .hasMessageEndingWith(" not written");
    }

    @Test
    void statesThatLinesMayHaveBeenWritten() {
        writer.failFrom(1, error(Codes.OUTCOME_UNKNOWN, Effect.UNKNOWN, Map.of()));

        var failed = failure("a\n".getBytes(UTF_8));

        assertThat(failed)
                .hasMessage("OUTCOME_UNKNOWN: the log said so; 0 lines acknowledged; line 1 may have been written, in"
                        + " order and in whole batches");
        assertThat(failed.totals()).isEqualTo(AppendTotals.NOTHING);
    }

    @Test
    void namesTheLineThatIsTooLarge() {
        writer.failFrom(2, error(Codes.TOO_LARGE, Effect.NONE, Map.of("limit", 10L)));
        var input = "0123456789\n".repeat(142) + "01234567890\n" + "a\n";

        assertThat(failure(input.getBytes(UTF_8)))
                .hasMessage("TOO_LARGE: line 143: the log said so; 100 lines acknowledged, LSN 0 to 99, term 7; lines"
                        + " 101 to 144 not written");
    }

    @Test
    void sendsWhatCameBeforeALineThatIsTooLongForTheClient() {
        var input = new byte[LineAppend.LONGEST_LINE_BYTES + 10];
        input[1] = '\n';

        assertThat(failure(input))
                .hasMessageContaining("line 2 is longer than")
                .hasMessageEndingWith("1 line acknowledged, LSN 0, term 7");
        assertThat(writer.records()).hasSize(1);
    }

    @Test
    void sendsWhatCameBeforeTheInputFailed() {
        var broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is on fire");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("the disk is on fire");
            }
        };
        var input = new SequenceInputStream(new ByteArrayInputStream("a\nb".getBytes(UTF_8)), broken);

        assertThat(catchThrowableOfType(AppendFailed.class, () -> append(input, PLAIN, false)))
                .hasMessage("cannot read standard input: the disk is on fire; 1 line acknowledged, LSN 0, term 7");
    }

    @Test
    void reportsTheFirstFailureOfTheInputAndNotOneThatCameEarlier() {
        // given: the first lines are on their way when the writer refuses the next ones
        writer.hold();
        var running =
                CompletableFuture.supplyAsync(() -> catchThrowableOfType(AppendFailed.class, () -> append(lines(200))));
        await().atMost(SOON).until(() -> writer.outstanding() == 200);

        // when
        writer.failOldest(error(Codes.OUTCOME_UNKNOWN, Effect.UNKNOWN, Map.of()));
        writer.failOldest(error(Codes.CLOSED));

        // then
        assertThat(running.join())
                .hasMessageStartingWith("OUTCOME_UNKNOWN")
                .hasMessageEndingWith("lines 1 to 100 may have been written, in order and in whole batches");
    }

    @Test
    void aRefusalThatComesBeforeTheCauseIsNotTheReason() {
        var window = new LineWindow(false);
        var first = group(1);
        var second = group(2);
        given(window, first, second);
        window.failed(second, error(Codes.CLOSED));
        assertThat(window.isOver()).isFalse();
        window.failed(first, error(Codes.INVALID));

        assertThat(window.isOver()).isTrue();
        assertThat(catchThrowableOfType(AppendFailed.class, () -> window.result(writer)))
                .hasMessage("INVALID: the log said so; 0 lines acknowledged; lines 1 to 2 not written");
    }

    private static LineGroup group(long line) {
        var group = new LineGroup(PLAIN, line);
        group.add(new byte[1], 0, 1);
        return group;
    }

    private static void given(LineWindow window, LineGroup... groups) {
        try {
            for (var group : groups) {
                assertThat(window.add(group)).isTrue();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void saysWhyTheWriterHadEnded() {
        writer.end(error(Codes.DATA_LOSS));

        assertThat(failure(lines(1)))
                .hasMessage("DATA_LOSS: the log said so; 0 lines acknowledged; line 1 not written");
    }

    @Test
    void aSessionThatIsInUseIsExplained() {
        writer.failFrom(1, error(Codes.SESSION_IN_USE));

        assertThat(failure(lines(10)))
                .hasMessageStartingWith("SESSION_IN_USE: ")
                .hasMessageContaining("--seq")
                .hasMessageEndingWith("lines 1 to 10 not written");
    }

    @Test
    void readsNoFurtherAfterAFailure() {
        writer.failFrom(1, error(Codes.DATA_LOSS));
        var endless = new InputStream() {
            @Override
            public int read() {
                return '\n';
            }
        };

        assertThat(catchThrowableOfType(AppendFailed.class, () -> append(endless, PLAIN, false)))
                .hasMessageStartingWith("DATA_LOSS");
        await().atMost(SOON).until(() -> inputThreads().findAny().isEmpty());
    }
}
