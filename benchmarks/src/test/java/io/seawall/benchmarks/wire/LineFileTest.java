package io.seawall.benchmarks.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFileTest {
    @TempDir
    Path directory;

    @Test
    void hasTheSameLinesInEveryRunUpToALastOneThatIsWhole() throws IOException {
        var one = directory.resolve("one");
        var other = directory.resolve("other");

        LineFile.write(one, 100_000);
        LineFile.write(other, 100_000);

        assertThat(one).hasSameBinaryContentAs(other);
        assertThat(Files.size(one)).isBetween(100_000L, 100_086L);
        assertThat(Files.readString(one)).endsWith("\n").contains("\n\n").matches("[a-z\n]*");
        assertThat(Files.readAllLines(one)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(85));
    }
}
