package io.seawall.cli.command;

import io.seawall.wal.FutureErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that appears under its name completely or not at all: it is written in a hidden folder beside it and then moved.
 * Replaces an existing file. Not thread-safe.
 */
public final class OutputFile implements AutoCloseable {
    private final Path target;
    private final Path folder;

    private OutputFile(Path target, Path folder) {
        this.target = target;
        this.folder = folder;
    }

    public static OutputFile to(Path target) {
        var absolute = target.toAbsolutePath();
        var name = absolute.getFileName();
        if (name == null || Files.isDirectory(absolute)) {
            throw new CommandFailed("cannot write " + target + ": it is a directory; name a file in it");
        }
        try {
            return new OutputFile(absolute, Files.createTempDirectory(absolute.getParent(), "." + name + "."));
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** Creates one that is never published, for output that finally goes to standard output. */
    public static OutputFile withoutName() {
        try {
            var folder = Files.createTempDirectory("seawall-export-");
            return new OutputFile(folder, folder);
        } catch (IOException e) {
            throw new CommandFailed("cannot create a temporary folder: " + FutureErrors.text(e), e);
        }
    }

    /** Returns the path to write to; no file exists there yet. */
    public Path temporary() {
        return folder.resolve("export");
    }

    /** Moves the file to its name. */
    public void publish() {
        try {
            Files.move(temporary(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** Deletes the file if it was not published. */
    @Override
    public void close() {
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    public static CommandFailed failed(Path file, IOException error) {
        return new CommandFailed("cannot write " + file + ": " + FutureErrors.text(error), error);
    }
}
