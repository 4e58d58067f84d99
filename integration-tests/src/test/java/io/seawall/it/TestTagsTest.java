package io.seawall.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Slow tests have the tag {@code full} or {@code long}, so that {@code mvn verify} stays short. */
class TestTagsTest {
    private static final Path TESTS =
            Path.of("src/test/java/io/seawall/it").toAbsolutePath().normalize();
    private static final Pattern SLOW_TAG = Pattern.compile("@Tag\\(\"(full|long)\"\\)");
    private static final Pattern OWN_BROKERS = Pattern.compile("TestKafka\\.killable\\(|FaultyKafka\\.start\\(");

    @Test
    void testsThatStartTheirOwnBrokersOrPlantFaultsAreFull() throws IOException {
        var slow = slowTests();

        assertThat(slow).hasSizeGreaterThan(10);
        assertThat(slow)
                .filteredOn(test -> !SLOW_TAG.matcher(read(test)).find())
                .isEmpty();
    }

    private static List<Path> slowTests() throws IOException {
        try (var files =
                Files.find(TESTS, 9, (file, attributes) -> file.toString().endsWith("IT.java"))) {
            return files.filter(TestTagsTest::isSlow).toList();
        }
    }

    private static boolean isSlow(Path test) {
        return TESTS.relativize(test).startsWith("faults")
                || OWN_BROKERS.matcher(read(test)).find();
    }

    private static String read(Path test) {
        try {
            return Files.readString(test);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + test, e);
        }
    }
}
