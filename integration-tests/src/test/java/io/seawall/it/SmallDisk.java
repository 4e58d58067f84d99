package io.seawall.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A file system of a few MiB at a folder, so that it can be filled, or made read-only for everybody, root too. Needs the right to
 * mount; without it the test fails and says so, as one that is left out proves nothing.
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

    /** Takes all of the room that is left. */
    void fill() {
        try (var out = Files.newOutputStream(filler())) {
            var chunk = new byte[CHUNK_BYTES];
            for (var isFull = false; !isFull; ) {
                isFull = !write(out, chunk);
            }
        } catch (IOException closing) {
            // Of a full disk; it is what it should be.
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

    /** Gives the room back. */
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

    /** Refused by the system while a file is open there for writing, so it is tried until none is. */
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
        // Lazily: a process that is just ending may still have a file open there.
        run("umount", "-l", folder.toString());
    }
}
