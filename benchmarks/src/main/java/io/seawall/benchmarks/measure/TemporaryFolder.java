package io.seawall.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A new folder that is deleted in the end, with what is in it. */
public final class TemporaryFolder implements AutoCloseable {
    private final Path path;

    /** Creates the folder. */
    public TemporaryFolder() {
        try {
            path = Files.createTempDirectory("seawall-bench-");
        } catch (IOException error) {
            throw new UncheckedIOException("cannot make a temporary folder", error);
        }
    }

    /** Returns where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try (var files = Files.walk(path)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException error) {
            throw new UncheckedIOException("cannot remove " + path, error);
        }
    }
}
