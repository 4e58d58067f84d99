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
 * Keeps a directory to one process. The kernel frees the lock when the process ends, however it ends, so nothing has to be
 * cleaned up after a crash. Any thread may call.
 */
final class DirectoryLock implements AutoCloseable {
    /** The file in the directory; it stays when the lock is freed, and says who had it last. */
    static final String FILE = "seawall.lock";

    /**
     * What this process has locked; guarded by itself. A second channel on a locked file must not even be opened here: when any
     * channel of a file is closed, the kernel frees the locks that the process has on it. The map also keeps the channels
     * reachable, as one that is collected is closed.
     */
    private static final Map<Path, DirectoryLock> HELD = new HashMap<>();

    private final Path directory;
    private @Nullable FileChannel channel; // null once freed; guarded by HELD

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Locks a directory, which is made if it is missing; nothing but the file in it is written.
     *
     * @throws LocalKafkaException if another process, or this one, has locked it
     * @throws IOException if the directory or the lock cannot be made
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

    /** Frees the directory; a second call does nothing. */
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
