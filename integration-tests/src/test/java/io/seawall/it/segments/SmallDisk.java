package io.seawall.it.segments;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A file system of a few MiB at a folder, which a test can fill, or make read-only even for root. Needs the right to mount;
 * without it the test fails, because a skipped test proves nothing.
 */
final class SmallDisk implements AutoCloseable {
    private static final int CHUNK_BYTES = 4096;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    static SmallDisk mount(Path folder) {
        try {
            Files.createDirectories(folder);
            run("mount", "-t", "tmpfs", "-o", "size=4m", "seawall-test", folder.toString());
            return new SmallDisk(folder);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Uses up all remaining space. */
    void fill() {
        try (var out = Files.newOutputStream(filler())) {
            var chunk = new byte[CHUNK_BYTES];
            for (var isFull = false; !isFull; ) {
                isFull = !write(out, chunk);
            }
        } catch (IOException closing) {
            // The disk is full, as intended.
        }
    }

    private static boolean write(OutputStream out, byte[] chunk) {
        try {
            out.write(chunk);
            return true;
        } catch (IOException full) {
            return false;
        }
    }

    /** Frees the space again. */
    void free() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    /** Makes the file system read-only. The system refuses while a file is open for writing, so this retries until none is. */
    void forbidWrites() {
        Awaitility.await(folder + " is read-only").ignoreExceptions().until(() -> {
            run("mount", "-o", "remount,ro", folder.toString());
            return true;
        });
    }

    void allowWrites() {
        run("mount", "-o", "remount,rw", folder.toString());
    }

    private static void run(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(List.of(command) + " failed, are we root? " + output);
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        // Lazily, because a process that is just ending may still have a file open there.
        run("umount", "-l", folder.toString());
    }
}
