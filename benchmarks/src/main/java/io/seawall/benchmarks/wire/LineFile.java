package io.seawall.benchmarks.wire;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Lines to append when the user names no file: 0 to 85 letters each, the same in every run. */
final class LineFile {
    private static final int LONGEST_LINE = 85;
    private static final int LETTERS = 26;
    private static final long SEED = 1;

    private LineFile() {}

    /** Writes a file of at least this many bytes. */
    static void write(Path file, long bytes) throws IOException {
        var random = new SplittableRandom(SEED);
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (var written = 0L; written < bytes; ) {
                var line = new byte[random.nextInt(LONGEST_LINE + 1) + 1];
                for (var at = 0; at < line.length - 1; at++) {
                    line[at] = (byte) ('a' + random.nextInt(LETTERS));
                }
                line[line.length - 1] = '\n';
                out.write(line);
                written += line.length;
            }
        }
    }
}
