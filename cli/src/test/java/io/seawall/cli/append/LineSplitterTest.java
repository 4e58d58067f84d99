package io.seawall.cli.append;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.cli.command.CommandFailed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineSplitterTest {
    private static final int LONGEST = 100_000;

    @Test
    void keepsEmptyLinesAsEmptyValues() throws Exception {
        assertThat(split("\na\n\n\nb\n", 3)).containsExactly("", "a", "", "", "b");
    }

    @Test
    void takesALastLineWithoutANewlineAsALine() throws Exception {
        assertThat(split("a\nb", 1)).containsExactly("a", "b");
    }

    @Test
    void findsNoLineInAnEmptyInput() throws Exception {
        assertThat(split("", 1)).isEmpty();
    }

    @Test
    void keepsCarriageReturnsAndBytesThatAreNoText() throws Exception {
        assertThat(split("a\r\n\u0000\u00ff\u00c3\n", 2)).containsExactly("a\r", "\u0000\u00ff\u00c3");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void losesAndAddsNothingWhereverTheChunksEnd(long seed) throws Exception {
        // given: noise with newlines, runs of empty lines, and lines longer than several chunks
        var random = new SplittableRandom(seed);
        var text = new StringBuilder();
        while (text.length() < 200_000) {
            var length = random.nextInt(10) == 0 ? random.nextInt(75_000) : random.nextInt(4);
            for (var i = 0; i < length; i++) {
                text.append((char) random.nextInt(256));
            }
            text.append("\n".repeat(random.nextInt(3)));
        }

        // when
        var lines = split(text.toString(), 1 + random.nextInt(9_000));

        // then
        var expected = new ArrayList<>(Arrays.asList(text.toString().split("\n", -1)));
        if (expected.get(expected.size() - 1).isEmpty()) {
            expected.remove(expected.size() - 1);
        }
        assertThat(lines).isEqualTo(expected);
    }

    @Test
    void refusesALineAboveTheLimitAndNamesIt() {
        // given
        var input = "short\n" + "x".repeat(LONGEST + 1) + "\n";

        // when, then
        assertThatThrownBy(() -> split(input, 1_000))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("line 2 is longer than " + LONGEST + " bytes");
    }

    @Test
    void takesALineOfExactlyTheLimit() throws Exception {
        assertThat(split("x".repeat(LONGEST), 999)).singleElement().asString().hasSize(LONGEST);
    }

    // ISO 8859-1 maps each byte to one character and back.
    private static List<String> split(String input, int chunkBytes) throws InterruptedException {
        var bytes = input.getBytes(StandardCharsets.ISO_8859_1);
        var lines = new ArrayList<String>();
        var splitter = new LineSplitter(LONGEST);
        LineSplitter.Sink sink =
                (buffer, offset, length) -> lines.add(new String(buffer, offset, length, StandardCharsets.ISO_8859_1));
        var chunk = new byte[chunkBytes];
        for (var at = 0; at < bytes.length; at += chunkBytes) {
            var length = Math.min(chunkBytes, bytes.length - at);
            System.arraycopy(bytes, at, chunk, 0, length);
            splitter.accept(chunk, length, sink);
        }
        splitter.finish(sink);
        return lines;
    }
}
