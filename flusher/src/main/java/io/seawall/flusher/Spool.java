package io.seawall.flusher;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which one flusher writes segments before they are published. Each flusher has its own folder below the
 * configured one. A lock in it ends with the process, so that other flushers can detect and remove the folders of dead
 * processes. Thread-safe.
 */
final class Spool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel lockFile;
    private final AtomicLong files = new AtomicLong();
    private final SpoolBudget budget;

    private Spool(Path folder, FileChannel lockFile, SpoolBudget budget) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.budget = budget;
    }

    /**
     * Creates a folder and removes those of dead processes.
     *
     * @param settings with the folder of all spools
     * @throws io.seawall.wal.OperatorException with {@link ErrorCode#INTERNAL} if the folder cannot be used
     */
    static Spool open(FlusherSettings.Spooling settings) {
        var root = settings.dir();
        try {
            Files.createDirectories(root);
            removeDead(root);
            var folder = Files.createTempDirectory(root, thisProcess() + "-");
            var lockFile = openLock(folder);
            // Never released explicitly: the lock ends when the channel is closed or the process dies.
            if (lockFile.tryLock() == null) {
                throw new IOException("another process locked " + folder.resolve(LOCK));
            }
            return new Spool(folder, lockFile, new SpoolBudget(settings.maxBytes()));
        } catch (IOException e) {
            throw Problem.of(ErrorCode.INTERNAL, "use the spool folder " + root)
                    .found(FutureErrors.text(e))
                    .expected("a local folder that this process may write, with working file locks")
                    .fix("set spool.dir to such a folder")
                    .cause(e)
                    .exception();
        }
    }

    /** Returns a name for a file that does not exist yet. */
    Path newFile(PChannel pchannel, long firstLsn) {
        return folder.resolve("%s-%020d.%d.spool".formatted(pchannel, firstLsn, files.incrementAndGet()));
    }

    /** Returns the limit of the folder's size. */
    SpoolBudget budget() {
        return budget;
    }

    Path folder() {
        return folder;
    }

    private static void removeDead(Path root) throws IOException {
        try (var folders = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (var folder : folders) {
                if (isDeadOfOtherProcess(folder)) {
                    removeFolder(folder);
                    LOG.atInfo().addKeyValue("folder", folder).log("removed the spool of a dead process");
                }
            }
        }
    }

    /**
     * Returns whether the process that created a spool folder is dead; false for a folder of this process, and for other
     * folders.
     */
    static boolean isDeadOfOtherProcess(Path folder) throws IOException {
        // Other flushers of this process are alive. Trying their lock would release it: POSIX locks end when any
        // channel of the file is closed.
        return !folder.getFileName().toString().startsWith(thisProcess()) && isDead(folder);
    }

    /** Removes a spool folder unless it has an owner; returns whether it is gone. */
    static boolean removeIfDead(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return true;
        }
        if (!isDeadOfOtherProcess(folder)) {
            return false;
        }
        removeFolder(folder);
        return true;
    }

    private static boolean isDead(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(LOCK))) {
            // Another process has just created it, or it is not ours.
            return false;
        }
        try (var channel = openLock(folder);
                var lock = channel.tryLock()) {
            return lock != null;
        }
    }

    private static FileChannel openLock(Path folder) throws IOException {
        return FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static void removeFolder(Path folder) throws IOException {
        // Delete the lock last, so that a partly removed folder is still recognized as dead.
        try (var files = Files.newDirectoryStream(folder, file -> !file.endsWith(LOCK))) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder.resolve(LOCK));
        Files.deleteIfExists(folder);
    }

    /** Process ids repeat, above all in containers; with the start time they do not. */
    private static String thisProcess() {
        var process = ProcessHandle.current();
        var started = process.info().startInstant().orElse(Instant.EPOCH);
        return process.pid() + "-" + started.toEpochMilli();
    }

    /** Removes the folder with all its content. */
    @Override
    public void close() {
        try (lockFile) {
            removeFolder(folder);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("cannot remove the spool");
        }
    }
}
