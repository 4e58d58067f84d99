package io.seawall.flusher.store;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Segments in a folder of a local or network file system. An object is written to a temporary file in the same folder, synced,
 * and linked to its name: a hard link fails if the name exists, on every POSIX file system and on NTFS. Temporary files of
 * crashed processes end in {@code .tmp} and are never read.
 */
public final class LocalSegmentStore implements SegmentStore {
    private static final String TEMPORARY = ".tmp";

    /** The operation that lets at most one put of a name succeed; tests replace it with a broken one. */
    interface Linker {
        void link(Path name, Path existing) throws IOException;
    }

    private final Path root;
    private final Linker linker;
    private final String nonce;
    private final AtomicLong temporaries = new AtomicLong();

    LocalSegmentStore(Path root, Linker linker, RandomGenerator random) {
        this.root = root.toAbsolutePath().normalize();
        this.linker = linker;
        this.nonce = HexFormat.of().toHexDigits(random.nextLong());
    }

    /**
     * Opens a store and tests whether its file system honours put-if-absent.
     *
     * @param root the folder; created if it does not exist
     * @param random for names of temporary files that no other process uses
     * @return the store
     * @throws io.seawall.wal.OperatorException with {@link ErrorCode#INTERNAL} if the folder cannot be written, or a hard link
     *     can replace a file there
     */
    public static LocalSegmentStore open(Path root, RandomGenerator random) {
        var store = new LocalSegmentStore(root, Files::createLink, random);
        store.probe();
        return store;
    }

    /**
     * Opens a store for reading. Writes and probes nothing, so a copy on a read-only file system will do. Callers must not
     * publish to it.
     *
     * @param root the folder
     * @return the store
     * @throws io.seawall.wal.RequestException with {@link ErrorCode#NOT_FOUND} if there is no such folder
     */
    public static LocalSegmentStore reading(Path root) {
        if (!Files.isDirectory(root)) {
            throw Problem.of(ErrorCode.NOT_FOUND, "read segments under " + root)
                    .found(Files.exists(root) ? "a file" : "nothing there")
                    .expected("the folder that segments.root of the node names")
                    .exception();
        }
        // Randomness only serves names of files to be written.
        return new LocalSegmentStore(root, Files::createLink, () -> 0);
    }

    @Override
    public List<PChannel> pchannels() throws IOException {
        var found = new ArrayList<PChannel>();
        try (var topics = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (var topic : topics) {
                try (var partitions = Files.newDirectoryStream(topic, Files::isDirectory)) {
                    for (var partition : partitions) {
                        SegmentKey.pchannelOf(fileName(topic), fileName(partition))
                                .ifPresent(found::add);
                    }
                }
            }
        }
        var withSegments = new ArrayList<PChannel>();
        for (var pchannel : found) {
            if (!list(pchannel, -1).isEmpty()) {
                withSegments.add(pchannel);
            }
        }
        withSegments.sort(null);
        return List.copyOf(withSegments);
    }

    @Override
    public List<SegmentKey> list(PChannel pchannel, long above) throws IOException {
        var folder = root.resolve(SegmentKey.folder(pchannel));
        try (var files = Files.list(folder)) {
            return files.map(file -> SegmentKey.ofFileName(pchannel, fileName(file)))
                    .flatMap(Optional::stream)
                    .filter(key -> key.firstLsn() > above)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            // The stream of files reports a folder that cannot be read on with this exception.
            throw new IOException("cannot list " + folder, e);
        }
    }

    @Override
    public Optional<SegmentKey> last(PChannel pchannel) throws IOException {
        var keys = list(pchannel, -1);
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        // The process that linked it may have died before the name was on disk.
        syncFolder(root.resolve(SegmentKey.folder(pchannel)));
        return Optional.of(keys.get(keys.size() - 1));
    }

    @Override
    public PutResult publish(SegmentKey key, Path file) throws IOException {
        var target = root.resolve(key.path());
        try {
            return put(target, file);
        } catch (FileSystemException named) {
            throw named;
        } catch (IOException e) {
            // The original message is "No space left on device", without the path.
            throw new IOException("cannot put " + target + ": " + e.getMessage(), e);
        }
    }

    @Override
    public InputStream open(SegmentKey key, long fromByte) throws IOException {
        var in = Files.newInputStream(root.resolve(key.path()));
        try {
            in.skipNBytes(fromByte);
            return in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    @Override
    public long sizeBytes(SegmentKey key) throws IOException {
        return Files.size(root.resolve(key.path()));
    }

    @Override
    public void delete(SegmentKey key) throws IOException {
        var file = root.resolve(key.path());
        if (Files.deleteIfExists(file)) {
            syncFolder(parent(file));
        }
    }

    @Override
    public String storeId() throws IOException {
        var target = root.resolve(STORE_ID);
        if (!Files.exists(target)) {
            createFolders(root);
            var mine = temporary(target);
            try {
                // All processes read the id of the first one below.
                put(target, Files.writeString(mine, nonce));
            } finally {
                Files.deleteIfExists(mine);
            }
        }
        var id = Files.readString(target);
        if (!STORE_ID_RULE.matcher(id).matches()) {
            throw new IOException(target + " holds '" + id + "', expected the id of the store: 16 hexadecimal digits");
        }
        return id;
    }

    @Override
    public String describe(SegmentKey key) {
        return root.resolve(key.path()).toString();
    }

    private PutResult put(Path target, Path file) throws IOException {
        if (Files.exists(target)) {
            // Checking first saves the copy; the link below decides.
            syncFolder(parent(target));
            return PutResult.EXISTS;
        }
        createFolders(parent(target));
        var temporary = temporary(target);
        try {
            copyDurably(file, temporary);
            linker.link(target, temporary);
            return PutResult.PUBLISHED;
        } catch (FileAlreadyExistsException e) {
            return PutResult.EXISTS;
        } finally {
            Files.deleteIfExists(temporary);
            // For both results: the winner may have died before it synced the folder.
            syncFolder(parent(target));
        }
    }

    /** Returns a name in the same folder that no other process or thread uses. */
    private Path temporary(Path target) {
        return target.resolveSibling(
                ".%s.%s.%d%s".formatted(fileName(target), nonce, temporaries.incrementAndGet(), TEMPORARY));
    }

    private static void copyDurably(Path file, Path temporary) throws IOException {
        try (var from = FileChannel.open(file, StandardOpenOption.READ);
                var to = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var end = from.size();
            for (var position = 0L; position < end; ) {
                position += from.transferTo(position, end - position, to);
            }
            to.force(true);
        }
    }

    /** Creates the missing folders of a path and makes each one durable in its parent folder. */
    private static void createFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        createFolders(parent(folder));
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            // Another process created it first.
        }
        syncFolder(parent(folder));
    }

    private static void syncFolder(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Puts two objects under one name: the second must be rejected and the first must stay. */
    void probe() {
        try {
            createFolders(root);
            var first = Files.writeString(probeFile("first"), "first");
            var second = Files.writeString(probeFile("second"), "second");
            var target = probeFile("target");
            try {
                var results = List.of(put(target, first), put(target, second), linkOver(target, second));
                var kept = Files.readString(target);
                if (!results.equals(List.of(PutResult.PUBLISHED, PutResult.EXISTS, PutResult.EXISTS))
                        || !kept.equals("first")) {
                    throw refused(
                            "two puts under one name returned " + results + " and left the content '" + kept + "'",
                            null);
                }
            } finally {
                Files.deleteIfExists(first);
                Files.deleteIfExists(second);
                Files.deleteIfExists(target);
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw refused(e.toString(), e);
        }
    }

    /** Covers the race that {@link #put} can lose between its check and its link. */
    private PutResult linkOver(Path target, Path file) throws IOException {
        try {
            linker.link(target, file);
            return PutResult.PUBLISHED;
        } catch (FileAlreadyExistsException e) {
            return PutResult.EXISTS;
        }
    }

    private Path probeFile(String name) {
        return root.resolve(".probe-" + nonce + "-" + name);
    }

    private RuntimeException refused(String found, @Nullable Exception cause) {
        var problem = Problem.of(ErrorCode.INTERNAL, "use " + root + " as a segment store")
                .found(found)
                .expected("a folder that this process may write, where a hard link to an existing name fails")
                .fix("set segments.root to a folder on such a file system");
        return (cause == null ? problem : problem.cause(cause)).exception();
    }

    private static String fileName(Path path) {
        return Objects.requireNonNull(path.getFileName(), "a path without a name")
                .toString();
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "the root of the file system has no folder above");
    }
}
