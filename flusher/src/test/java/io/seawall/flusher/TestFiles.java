package io.seawall.flusher;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Damages files. */
public final class TestFiles {
    private TestFiles() {}

    public static void truncate(Path file, int bytes) throws IOException {
        var content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length - bytes));
    }

    /** Flips a bit; flipping it again restores the file. */
    public static void flipBit(Path file, long position, int bit) throws IOException {
        // In place, because writing the whole file again makes some file systems sync it.
        try (var content = new RandomAccessFile(file.toFile(), "rw")) {
            content.seek(position);
            var old = content.read();
            content.seek(position);
            content.write(old ^ (1 << bit));
        }
    }
}
