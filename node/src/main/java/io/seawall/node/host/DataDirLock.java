package io.seawall.node.host;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Locks a data directory for one node. The kernel frees the lock when the process ends, even by a crash, so nothing has to
 * be cleaned up afterwards. Thread-safe.
 *
 * <p>{@code DirectoryLock} of kafka-local does the same for brokers. The two modules do not use each other: a node in production
 * does without kafka-local, which needs nothing but the JDK.
 */
public final class DataDirLock implements AutoCloseable {
    /** The file in the directory that is locked. It stays after the lock is freed and names its last owner. */
    private static final String FILE = "seawall.lock";

    /**
     * The directories that this process has locked; guarded by itself. Prevents a second channel on a locked file: when any
     * channel of a file is closed, the kernel frees all locks of the process on it. The map also keeps the channels
     * reachable, because a channel that is garbage collected is closed.
     */
    private static final Map<Path, DataDirLock> HELD = new HashMap<>();

    private final Path directory;
    private @Nullable FileChannel channel; // null once freed; guarded by HELD

    private DataDirLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Locks a directory. Creates it if it is missing, and writes nothing in it but the lock file.
     *
     * @throws WalException with code INVALID if another node has locked it, or it cannot be locked
     */
    public static DataDirLock take(Path dataDir) {
        try {
            var root = Files.createDirectories(dataDir).toRealPath();
            synchronized (HELD) {
                if (HELD.containsKey(root)) {
                    throw taken(root, "this process");
                }
                return lock(root);
            }
        } catch (IOException e) {
            throw problem(dataDir.toAbsolutePath())
                    .found(FutureErrors.text(e))
                    .expected("a directory that this process may write, on a file system with file locks")
                    .fix("set data.dir to such a directory")
                    .cause(e)
                    .exception();
        }
    }

    private static DataDirLock lock(Path root) throws IOException {
        var file = root.resolve(FILE);
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw taken(root, owner(file));
            }
            channel.truncate(0);
            channel.write(StandardCharsets.UTF_8.encode(thisProcess()));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        var lock = new DataDirLock(root, channel);
        HELD.put(root, lock);
        return lock;
    }

    /** Returns the process that the lock file names. Only for a file that another process has locked, see {@link #HELD}. */
    private static String owner(Path file) throws IOException {
        var text = Files.readString(file).strip();
        return text.isEmpty() ? "another process" : text;
    }

    private static String thisProcess() {
        var process = ProcessHandle.current();
        var since = process.info().startInstant().map(Instant::toString);
        return "process " + process.pid()
                + since.map(at -> ", running since " + at).orElse("") + "\n";
    }

    private static WalException taken(Path directory, String owner) {
        return problem(directory)
                .found("it in use by " + owner)
                .expected("a directory that only this node uses")
                .fix("stop the other node, or set data.dir to another directory")
                .exception();
    }

    private static Problem problem(Path directory) {
        return Problem.of(ErrorCode.INVALID, "use data.dir " + directory);
    }

    /** Frees the directory. May be called more than once. */
    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (channel != null) {
                HELD.remove(directory);
                channel.close();
                channel = null;
            }
        }
    }
}
