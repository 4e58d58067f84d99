package io.seawall.flusher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Damages files. */
final class TestFiles {
    private TestFiles() {}

    static void truncate(Path file, int bytes) throws IOException {
        var content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length - bytes));
    }

    static void flipBit(Path file, int position, int bit) throws IOException {
        var content = Files.readAllBytes(file);
        content[position] ^= (byte) (1 << bit);
        Files.write(file, content);
    }
}
