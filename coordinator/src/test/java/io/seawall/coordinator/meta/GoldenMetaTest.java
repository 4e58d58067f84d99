package io.seawall.coordinator.meta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that a meta topic of the first version of the format is still read, and would be written, in the same way. */
class GoldenMetaTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    /** Members that came after a file was written, as a record without them shows them. */
    private static final String LATER = "grpc=, ";

    /** A line of the golden file. */
    record Line(String key, String value, String meaning) {
        static Line parse(String text) {
            var parts = Stream.of(text.split("\\|", -1)).map(String::strip).toList();
            return new Line(parts.get(0), parts.get(1), parts.get(2));
        }

        MetaRecord record() {
            var news =
                    MetaCodec.read(key.getBytes(UTF_8), value.getBytes(UTF_8)).orElseThrow();
            return ((News.Written) news).value();
        }

        @Override
        public String toString() {
            return key;
        }
    }

    static List<Line> lines() throws IOException {
        return Stream.of("meta-1.txt", "meta-1-grpc.txt")
                .flatMap(file -> linesOf(FOLDER.resolve(file)))
                .filter(line -> !line.startsWith("#"))
                .map(Line::parse)
                .toList();
    }

    private static Stream<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aRecordMeansWhatItMeant(Line line) {
        assertThat(line.record().toString().replace(LATER, "")).isEqualTo(line.meaning());
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aRecordIsWrittenWithTheSameBytes(Line line) {
        assertThat(line.record().key()).hasToString(line.key());
        assertThat(MetaCodec.write(line.record())).asString(UTF_8).isEqualTo(line.value());
    }

    @Test
    void theFileHasARecordOfEachKindAndOfEachPhase() throws IOException {
        var records = lines().stream().map(Line::record).toList();

        assertThat(records).extracting(record -> record.key().kind()).containsAll(Arrays.asList(MetaKey.Kind.values()));
        assertThat(records)
                .filteredOn(Assignment.class::isInstance)
                .extracting(record -> ((Assignment) record).phase())
                .containsAll(Arrays.asList(Assignment.Phase.values()));
    }
}
