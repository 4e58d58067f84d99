package io.seawall.walkafka.internal.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.WriterSeq;
import io.seawall.walkafka.internal.format.ControlBody.Author;
import io.seawall.walkafka.internal.format.LiveRule.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that a log of the first version of the format is still read, and would be written, in the same way. */
class GoldenLogTest {
    private static final Path LOG = Path.of("src/test/resources/golden/log-1.txt");

    private static final WriterSession LOADER =
            new WriterSession("loader-7", 0, 1_700_000_000_005L, List.of(new WriterSession.Written(7, 1, 3)));

    /**
     * A line of the golden file.
     *
     * @param offset the Kafka offset
     * @param wal the {@code wal} header
     * @param writer the {@code wal-w} header, empty for none
     * @param value the value as text
     * @param meaning the meaning of the header
     * @param action the action of a reader of the live view, empty for a foreign record
     * @param next the next LSN of that reader after this line, empty for a foreign record
     */
    record Line(long offset, String wal, String writer, String value, String meaning, String action, String next) {
        static Line parse(String text) {
            var parts = Stream.of(text.split("\\|", -1)).map(String::strip).toList();
            return new Line(
                    Long.parseLong(parts.get(0)),
                    parts.get(2),
                    parts.get(3),
                    parts.get(4),
                    parts.get(5),
                    parts.get(6),
                    parts.get(7));
        }

        @Nullable
        WalHeader header() {
            return WalHeaderCodec.read(wal.getBytes(UTF_8));
        }

        @Override
        public String toString() {
            return "offset " + offset + ": " + wal;
        }
    }

    static List<Line> lines() throws IOException {
        return Files.readAllLines(LOG).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Line::parse)
                .toList();
    }

    private static Line at(long offset) throws IOException {
        return lines().stream()
                .filter(line -> line.offset() == offset)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aHeaderKeepsItsMeaningAndItsBytes(Line line) {
        var header = line.header();

        assertThat(meaning(header)).isEqualTo(line.meaning());
        if (header != null) {
            assertThat(WalHeaderCodec.write(header)).asString(UTF_8).isEqualTo(line.wal());
        }
    }

    @Test
    void theLiveRuleKeepsItsActions() throws IOException {
        var position = Position.after(Stamp.NONE, 0);

        for (var line : lines()) {
            var header = line.header();
            if (header != null) {
                var step = LiveRule.next(position, header);
                position = step.position();
                assertThat(step.action()).as("%s", line).hasToString(line.action());
                assertThat(position.next()).as("%s", line).isEqualTo(Long.parseLong(line.next()));
            }
        }
    }

    @Test
    void writerHeadersAreReadAndWrittenAsTheyWere() throws IOException {
        var writer = WalHeaderCodec.readWriter(at(28).writer().getBytes(UTF_8));

        assertThat(writer).isEqualTo(new WriterSeq("loader-7", 1));
        assertThat(WalHeaderCodec.writeWriter(writer)).asString(UTF_8).isEqualTo("loader-7/1");
    }

    @Test
    void claimsAreReadAndWrittenAsTheyWere() throws IOException {
        var body = body(1);

        assertThat(body.number("format", -1)).isEqualTo(1);
        assertThat(body.text("owner")).isEqualTo("n1");
        assertThat(body.text("nonce")).isEqualTo("a1b2c3");
        assertThat(body.text("url")).isEqualTo("http://n1:7070");
        assertThat(body.text("topicId")).isEqualTo("Yk3fRk0oSDGcQ1xvU9m2Ag");
        assertThat(body(18).text("url")).isNull();
        assertWritten(1, new ControlBody.Claim(n1(), "a1b2c3", 1_700_000_000_000L, "Yk3fRk0oSDGcQ1xvU9m2Ag").toBytes());
        assertWritten(
                18, new ControlBody.Claim(n2(), "d4e5f6", 1_700_000_000_011L, "Yk3fRk0oSDGcQ1xvU9m2Ag").toBytes());
    }

    @Test
    void leasesAreReadAndWrittenAsTheyWere() throws IOException {
        assertThat(body(5).number("snapshotOffset", -1)).isEqualTo(3);
        assertWritten(5, ControlBody.lease(3));
    }

    @Test
    void snapshotsAreReadAndWrittenAsTheyWere() throws IOException {
        assertThat(body(3).number("oldest", -1)).isZero();
        assertThat(body(3).storeId()).isNull();
        assertThat(body(12).storeId()).isEqualTo("0123456789abcdef");
        assertThat(ControlBody.sessions(at(3).value().getBytes(UTF_8))).isEmpty();
        assertThat(ControlBody.sessions(at(12).value().getBytes(UTF_8))).containsExactly(LOADER);
        assertWritten(3, new ControlBody.Snapshot(n1(), "a1b2c3", 0).toBytes(List.of()));
        assertWritten(
                12, new ControlBody.Snapshot(n1(), "n1-5f0c2d", 0, "0123456789abcdef", false).toBytes(List.of(LOADER)));
        assertWritten(27, new ControlBody.Snapshot(n2(), "0f0f0f", 0, "0123456789abcdef", false).toBytes(List.of()));
    }

    private static Author n1() {
        return new Author("n1", "n1-5f0c2d", "http://n1:7070");
    }

    private static Author n2() {
        return new Author("n2", "n2-77aa01", null);
    }

    private static ControlBody body(long offset) throws IOException {
        return ControlBody.read(at(offset).value().getBytes(UTF_8));
    }

    private static void assertWritten(long offset, byte[] body) throws IOException {
        assertThat(new String(body, UTF_8)).isEqualTo(at(offset).value());
    }

    private static String meaning(@Nullable WalHeader header) {
        if (header == null) {
            return "foreign";
        }
        var stamp =
                " term " + header.stamp().term() + " epoch " + header.stamp().epoch();
        return switch (header.kind()) {
            case CLAIM -> "claim" + stamp;
            case LEASE -> "lease" + stamp;
            case SNAPSHOT -> "snapshot" + stamp + " next " + ((WalHeader.Snapshot) header).lsn();
            case DATA -> data((WalHeader.Data) header, stamp);
        };
    }

    private static String data(WalHeader.Data data, String stamp) {
        return "data" + stamp + " lsn " + data.lsn()
                + (data.partOfBatch() ? " more " + data.more() : "")
                + (data.copy() ? " copy of term " + data.firstTerm() : "");
    }
}
