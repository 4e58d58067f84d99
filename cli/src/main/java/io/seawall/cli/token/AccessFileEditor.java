package io.seawall.cli.token;

import io.seawall.cli.command.CommandFailed;
import io.seawall.node.reload.ReloadedFiles;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Changes a file so that others see the old content or the new one, and two commands at the same time lose nothing: they take turns
 * by a lock on a file beside it. Blocks.
 */
final class AccessFileEditor {
    private static final String OWNER_ALONE = "rw-------";

    private final Path file;

    AccessFileEditor(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** Returns the content; nothing if there is no file yet. */
    byte[] read() {
        return Files.exists(file) ? ReloadedFiles.read(file) : new byte[0];
    }

    /**
     * Changes the content.
     *
     * @param change returns the new content for the old one; an exception of it leaves the file as it is
     * @throws CommandFailed if the file cannot be written
     */
    void change(UnaryOperator<byte[]> change) {
        var lock = file.resolveSibling(file.getFileName() + ".lock");
        try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var unused = channel.lock(); // the end of the channel gives it back
            replace(change.apply(read()));
        } catch (WalException unusable) {
            throw new CommandFailed(String.valueOf(unusable.getMessage()));
        } catch (IOException e) {
            throw new CommandFailed("cannot write " + file + ": " + FutureErrors.text(e)
                    + "; its folder has to be there, and this user has to own it");
        }
    }

    private void replace(byte[] content) throws IOException {
        var next = Files.createTempFile(
                file.getParent(),
                file.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ALONE)));
        try {
            try (var channel = FileChannel.open(next, Set.of(StandardOpenOption.WRITE))) {
                var bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
