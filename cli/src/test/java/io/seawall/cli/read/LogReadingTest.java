package io.seawall.cli.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.cli.client.NodeFailure;
import io.seawall.cli.command.OutputOptions;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.command.ValueFormat;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Header;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.StartPosition;
import io.seawall.client.log.View;
import io.seawall.client.log.WalRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogReadingTest {
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final FakeReader reader = new FakeReader();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private String read(boolean untilTail, long limit) throws IOException {
        return read(untilTail, limit, new ValueOutput(stdio(written).out()));
    }

    private String read(boolean untilTail, long limit, RecordOutput output) throws IOException {
        var range = new ReadRange(StartPosition.oldest(), untilTail, limit, View.LIVE);
        new LogReading(reader, range, output, new OutputOptions(stdio(written)).progress(true)).run();
        return written.toString(UTF_8);
    }

    private static Stdio stdio(OutputStream out) {
        var err = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
        return Stdio.of(InputStream.nullInputStream(), out, err, false, false);
    }

    @Test
    void writesEachValueAndANewlineUntilTheTail() throws IOException {
        reader.message(3, "a", "").message(3, "c").end();

        assertThat(read(true, NO_LIMIT)).isEqualTo("a\n\nc\n");
    }

    @Test
    void endsAtOnceInAnEmptyLog() throws IOException {
        reader.end();

        assertThat(read(true, NO_LIMIT)).isEmpty();
    }

    @Test
    void stopsAtTheTailThatTheLogHadWhenReadingBegan() throws IOException {
        reader.message(4, "r0", "r1", "r2").message(6, "r3", "r4", "r5");

        assertThat(read(true, NO_LIMIT)).isEqualTo("r0\nr1\nr2\nr3\n");
    }

    @Test
    void stopsAtTheTailAlsoBetweenMessages() throws IOException {
        reader.message(2, "r0", "r1").message(3, "r2");

        assertThat(read(true, NO_LIMIT)).isEqualTo("r0\nr1\n");
    }

    @Test
    void stopsAtTheLimit() throws IOException {
        reader.message(4, "a", "b").message(4, "c", "d");

        assertThat(read(false, 3)).isEqualTo("a\nb\nc\n");
    }

    @Test
    void writesWhatThereIsBeforeItWaitsForMore() throws IOException {
        reader.message(1, "before").whileWaiting(() -> {
            assertThat(written.toString(UTF_8)).isEqualTo("before\n");
            reader.message(2, "after");
        });

        assertThat(read(false, 2)).isEqualTo("before\nafter\n");
    }

    @Test
    void writesWhatCameBeforeAFailureAndNamesItsCode() {
        reader.message(5, "a", "b")
                .fail(SeawallException.of(Codes.DATA_LOSS, "found LSN 3, expected LSN 2")
                        .build());

        var failure = catchThrowableOfType(NodeFailure.class, () -> read(true, NO_LIMIT));

        assertThat(failure).hasMessage("DATA_LOSS: found LSN 3, expected LSN 2");
        assertThat(written.toString(UTF_8)).isEqualTo("a\nb\n");
    }

    @Test
    void tellsNullAndEmptyApartInJson() throws IOException {
        reader.message(
                        2,
                        List.of(
                                new WalRecord(null, null, List.of()),
                                new WalRecord(
                                        new byte[] {'k'},
                                        new byte[0],
                                        List.of(new Header("h", null), new Header("h", new byte[] {'v'})))))
                .end();

        assertThat(read(true, NO_LIMIT, new JsonOutput(stdio(written).out(), ValueFormat.BASE64)))
                .isEqualTo("""
                        {"lsn":0,"term":7,"timestampMs":1000,"key":null,"value":null,"headers":[]}
                        {"lsn":1,"term":7,"timestampMs":1000,"key":"aw==","value":"","headers":[{"key":"h","value":null},{"key":"h","value":"dg=="}]}
                        """);
    }

    @Test
    void writesValuesAndKeysOfJsonInTheFormatOfTheApi() throws IOException {
        reader.message(1, List.of(new WalRecord("k".getBytes(UTF_8), "{ \"a\" : 1 }".getBytes(UTF_8), List.of())))
                .end();

        assertThat(read(true, NO_LIMIT, new JsonOutput(stdio(written).out(), ValueFormat.AUTO)))
                .isEqualTo("""
                        {"lsn":0,"term":7,"timestampMs":1000,"key":"k","keyFormat":"text","value":{"a":1},"headers":[]}
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            nullValues = "NULL",
            value = {
                "TEXT|false|plain;{ \"a\": 1 };\u00e9|plain;{ \"a\": 1 };\u00e9",
                "JSON|false|{ \"a\": 1 };plain|{\"a\":1};base64:cGxhaW4=",
                "AUTO|false|{ \"a\": 1 };plain|{\"a\":1};plain",
                "BASE64|false|plain|cGxhaW4=",
                "TEXT|true|plain|0\t1970-01-01T00:00:01Z\t-\tplain",
            })
    void writesValuesInAFormat(ValueFormat format, boolean meta, String values, String lines) throws IOException {
        reader.message(9, values.split(";", -1)).end();

        var written =
                read(true, NO_LIMIT, new FormattedOutput(stdio(this.written).out(), format, meta));

        assertThat(written).isEqualTo(lines.replace(';', '\n') + "\n");
    }

    @Test
    void writesBytesThatAreNoTextAsBase64WhereAllElseIsReadable() throws IOException {
        reader.message(
                        2,
                        List.of(
                                WalRecord.of(new byte[] {(byte) 0xFF}),
                                new WalRecord(new byte[] {'k'}, null, List.of())))
                .end();

        var written =
                read(true, NO_LIMIT, new FormattedOutput(stdio(this.written).out(), ValueFormat.AUTO, true));

        assertThat(written).isEqualTo("0\t1970-01-01T00:00:01Z\t-\tbase64:/w==\n1\t1970-01-01T00:00:01Z\tk\t\n");
    }

    @Test
    void writesANullValueAsAnEmptyLine() throws IOException {
        reader.message(2, List.of(new WalRecord(null, null, List.of()), WalRecord.of(new byte[0])))
                .end();

        assertThat(read(true, NO_LIMIT)).isEqualTo("\n\n");
    }

    @Test
    void losesNoByteWhateverTheSizesOfTheBufferAndTheValues() throws IOException {
        // given: values below, at and above the size of the buffer
        var random = new SplittableRandom(7);
        var values = new ArrayList<WalRecord>();
        var expected = new ByteArrayOutputStream();
        for (var i = 0; i < 2_000; i++) {
            var value = new byte[random.nextInt(20)];
            random.nextBytes(value);
            values.add(WalRecord.of(value));
            expected.writeBytes(value);
            expected.write('\n');
        }
        reader.message(2_000, values).end();

        // when
        var unused = read(true, NO_LIMIT, new ValueOutput(stdio(written).out(), 16));

        // then
        assertThat(written.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @Test
    void aFailureOfTheOutputIsNoFailureOfTheLog() {
        reader.message(1, "a").end();
        var full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertThatThrownBy(
                        () -> read(true, NO_LIMIT, new ValueOutput(stdio(full).out())))
                .isInstanceOf(Stdio.OutputFailed.class)
                .hasMessage("No space left on device");
    }
}
