package io.seawall.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that appears under its name whole, or not at all: it is made in a hidden folder beside it and moved. One that is there is
 * replaced. For one thread.
 */
final class OutputFile implements AutoCloseable {
    private final Path target;
    private final Path folder;

    private OutputFile(Path target, Path folder) {
        this.target = target;
        this.folder = folder;
    }

    static OutputFile to(Path target) {
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

    /** One that is never published, for what goes to standard output in the end. */
    static OutputFile withoutName() {
        try {
            var folder = Files.createTempDirectory("seawall-export-");
            return new OutputFile(folder, folder);
        } catch (IOException e) {
            throw new CommandFailed("cannot make a temporary folder: " + e, e);
        }
    }

    /** Where to write it; nothing is there yet. */
    Path temporary() {
        return folder.resolve("export");
    }

    /** Gives it its name. */
    void publish() {
        try {
            Files.move(temporary(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** Removes what was not published. */
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

    static CommandFailed failed(Path file, IOException error) {
        return new CommandFailed("cannot write " + file + ": " + error, error);
    }
}
