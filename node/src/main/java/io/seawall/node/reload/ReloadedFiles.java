package io.seawall.node.reload;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are used together, such as a certificate and its key, and that may be replaced while the node runs. Changed content
 * is used from the next {@link #check} on. Content that cannot be used, and files that cannot be read, are refused: what was used
 * before stays in use, and the reason is logged once.
 *
 * <p>A refusal is logged when two checks in a row find it, since the files are replaced one after the other. {@link #load} and
 * {@link #check} are for one thread at a time; {@link #isRefused} is for any.
 */
public final class ReloadedFiles {
    /** The largest file that is read. */
    static final int MOST_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ReloadedFiles.class);

    private final List<Path> files;
    private final User user;
    private List<ByteBuffer> used = List.of();
    private String reason = ""; // of the last check; empty if it found nothing to refuse
    private volatile boolean refused; // whether the reason was logged
    private int refusals; // how many were logged

    /** Uses the content of the files. */
    @FunctionalInterface
    public interface User {
        /**
         * Uses the content from now on, or changes nothing.
         *
         * @param contents the bytes of each file, in the order of the files
         * @throws WalException with code INVALID if the content cannot be used; its message must not quote secrets, and must be the
         *     same for the same content
         */
        void use(List<byte[]> contents);
    }

    /**
     * Creates files that are not read yet.
     *
     * @param files the files
     * @param user uses their content
     */
    public ReloadedFiles(List<Path> files, User user) {
        this.files = List.copyOf(files);
        this.user = user;
    }

    /**
     * Reads the files for the first time. Blocks.
     *
     * @throws WalException with code INVALID if one cannot be read or used
     */
    public void load() {
        use(read());
    }

    /** Reads the files again, and uses them if they have changed. Blocks. */
    public void check() {
        try {
            var contents = read();
            if (!wrapped(contents).equals(used)) {
                use(contents);
                LOG.atInfo().addKeyValue("files", files).log("changed files are in use");
            }
            reason = "";
            refused = false;
        } catch (WalException broken) {
            refuse(String.valueOf(broken.getMessage()));
        }
    }

    private void use(List<byte[]> contents) {
        user.use(contents);
        used = wrapped(contents);
    }

    private void refuse(String why) {
        if (!why.equals(reason)) {
            reason = why;
            refused = false;
        } else if (!refused) {
            refused = true;
            refusals++;
            LOG.atError()
                    .addKeyValue("files", files)
                    .addKeyValue("error", why)
                    .log("changed files are refused; what was read before stays in use");
        }
    }

    /** Returns whether the files cannot be used at present, and older content is in use. */
    public boolean isRefused() {
        return refused;
    }

    /** Returns how many refusals were logged. */
    int refusals() {
        return refusals;
    }

    private static List<ByteBuffer> wrapped(List<byte[]> contents) {
        return contents.stream().map(ByteBuffer::wrap).toList();
    }

    private List<byte[]> read() {
        return files.stream().map(ReloadedFiles::read).toList();
    }

    /**
     * Reads a file.
     *
     * @throws WalException with code INVALID if it cannot be read or is larger than a mebibyte
     */
    public static byte[] read(Path file) {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw unreadable(file, "more than " + MOST_BYTES + " bytes").exception();
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw unreadable(file, "no such file").cause(e).exception();
        } catch (AccessDeniedException e) {
            throw unreadable(file, "a file that this user may not read")
                    .cause(e)
                    .exception();
        } catch (IOException e) {
            throw unreadable(file, String.valueOf(e.getMessage())).cause(e).exception();
        }
    }

    private static Problem unreadable(Path file, String found) {
        return Problem.of(ErrorCode.INVALID, "read the file " + file).found(found);
    }
}
