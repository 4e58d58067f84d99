package io.seawall.kafkalocal;

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
 * Reserves a directory for one process. The kernel releases the lock when the process ends, however it ends, so a crash leaves
 * nothing to clean up. Thread-safe.
 */
final class DirectoryLock implements AutoCloseable {
    /** The lock file in the directory; it stays after the release and names the last owner. */
    static final String FILE = "seawall.lock";

    /**
     * The locks of this process; guarded by itself. This process must not even open a second channel on a locked file: when any
     * channel of a file is closed, the kernel releases the locks that the process has on it. The map also keeps the channels
     * reachable, because garbage collection would close them.
     */
    private static final Map<Path, DirectoryLock> HELD = new HashMap<>();

    private final Path directory;
    private @Nullable FileChannel channel; // null once freed; guarded by HELD

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Locks a directory and creates it if it is missing; writes only the lock file.
     *
     * @throws LocalKafkaException if this or another process has locked it
     * @throws IOException if the directory or the lock cannot be created
     */
    static DirectoryLock take(Path directory) throws IOException {
        var root = Files.createDirectories(directory).toRealPath();
        synchronized (HELD) {
            if (HELD.containsKey(root)) {
                throw taken(root, "this process");
            }
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
            var lock = new DirectoryLock(root, channel);
            HELD.put(root, lock);
            return lock;
        }
    }

    /** Only for a file that another process has locked, see {@link #HELD}. */
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

    private static LocalKafkaException taken(Path directory, String owner) {
        return new LocalKafkaException("The data directory " + directory + " is in use by " + owner
                + ": stop that one first, or use another directory");
    }

    /** Releases the lock; a second call does nothing. */
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
