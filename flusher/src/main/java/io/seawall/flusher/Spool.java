package io.seawall.flusher;

import io.seawall.wal.ErrorCode;
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
 * The folder in which one flusher writes segments before they are published. Each flusher has a folder of its own below the
 * configured one, with a lock in it that ends with the process: so it can tell what dead processes left, and removes that. May
 * be used from any thread.
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
     * Makes a folder and removes those of dead processes.
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
            // Never freed by hand: the lock ends when the channel is closed, or the process dies.
            if (lockFile.tryLock() == null) {
                throw new IOException("another process locked " + folder.resolve(LOCK));
            }
            return new Spool(folder, lockFile, new SpoolBudget(settings.maxBytes()));
        } catch (IOException e) {
            throw Problem.of(ErrorCode.INTERNAL, "use the spool folder " + root)
                    .found(e.toString())
                    .expected("a local folder that this process may write, with working file locks")
                    .fix("set spool.dir to such a folder")
                    .cause(e)
                    .exception();
        }
    }

    /** A name for a file that does not exist yet. */
    Path newFile(PChannel pchannel, long firstLsn) {
        return folder.resolve("%s-%020d.%d.spool".formatted(pchannel, firstLsn, files.incrementAndGet()));
    }

    /** How much there may be in the folder. */
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

    /** Whether the process that made a spool folder is dead; false for a folder of this process, and for what is no spool. */
    static boolean isDeadOfOtherProcess(Path folder) throws IOException {
        // Other flushers of this process are alive; and to try their lock would end it, as POSIX locks do when any
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
            // Made by another process a moment ago, or not ours at all.
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
        // The lock goes last, so that a folder that was removed in part is still known as dead.
        try (var files = Files.newDirectoryStream(folder, file -> !file.endsWith(LOCK))) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder.resolve(LOCK));
        Files.deleteIfExists(folder);
    }

    /** Pids repeat, in containers above all; with the time of the start they do not. */
    private static String thisProcess() {
        var process = ProcessHandle.current();
        var started = process.info().startInstant().orElse(Instant.EPOCH);
        return process.pid() + "-" + started.toEpochMilli();
    }

    /** Removes the folder with all that is in it. */
    @Override
    public void close() {
        try (lockFile) {
            removeFolder(folder);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("cannot remove the spool");
        }
    }
}
