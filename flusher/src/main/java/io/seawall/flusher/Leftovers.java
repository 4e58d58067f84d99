package io.seawall.flusher;

import io.seawall.flusher.segment.SegmentKey;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what dead processes left in a local store and in a spool: temporary files of puts that were interrupted or lost a race,
 * files of a probe, spool folders whose lock is free. Never returns segments. A lock or the age protects files that a living
 * process uses: a put writes to its temporary file until it links it. If the file is deleted just before the link, the put
 * fails and is repeated. Thread-safe; every call blocks.
 */
public final class Leftovers {
    private static final String TEMPORARY = ".tmp";
    private static final List<String> OWN_FILES = List.of(".probe", ".store-id");

    private Leftovers() {}

    /** The kinds of leftovers. */
    public enum Kind {
        /** A temporary file of a put that was not linked, or was linked and so has a second name. */
        TEMPORARY,
        /** A file that probed a store, or was to become its id. */
        PROBE,
        /** The spool folder of a dead process. */
        SPOOL
    }

    /**
     * A file or folder that no process needs.
     *
     * @param path the file, or the folder with all its content
     * @param kind its kind
     * @param bytes the total length of its files
     * @param modified when one of its files was last written
     */
    public record Leftover(Path path, Kind kind, long bytes, Instant modified) {
        /**
         * Deletes it; succeeds if it is gone already.
         *
         * @return whether it is gone; false for a spool folder that has an owner again
         * @throws IOException if it cannot be deleted
         */
        public boolean delete() throws IOException {
            if (kind == Kind.SPOOL) {
                return Spool.removeIfDead(path);
            }
            Files.deleteIfExists(path);
            return true;
        }
    }

    /**
     * Searches a local store.
     *
     * @param root the store's folder
     * @param before only files that were last written before this time
     * @return the leftovers by path
     * @throws IOException if a folder cannot be read
     */
    public static List<Leftover> inStore(Path root, Instant before) throws IOException {
        var found = new ArrayList<Leftover>();
        addFiles(root, Leftovers::isProbe, Kind.PROBE, before, found);
        addFiles(root, Leftovers::isTemporary, Kind.TEMPORARY, before, found);
        for (var topic : folders(root)) {
            for (var partition : folders(topic)) {
                if (SegmentKey.pchannelOf(name(topic), name(partition)).isPresent()) {
                    addFiles(partition, Leftovers::isTemporary, Kind.TEMPORARY, before, found);
                }
            }
        }
        return List.copyOf(found);
    }

    /**
     * Searches a spool.
     *
     * @param root the folder of all spools
     * @param before only folders in which every file was last written before this time
     * @return the leftovers by path
     * @throws IOException if a folder cannot be read
     */
    public static List<Leftover> inSpool(Path root, Instant before) throws IOException {
        var found = new ArrayList<Leftover>();
        for (var folder : folders(root)) {
            try {
                if (Spool.isDeadOfOtherProcess(folder)) {
                    var whole = whole(folder);
                    if (whole.modified().isBefore(before)) {
                        found.add(whole);
                    }
                }
            } catch (NoSuchFileException e) {
                // A starting node is removing it at this moment.
            }
        }
        return List.copyOf(found);
    }

    private static Leftover whole(Path folder) throws IOException {
        var bytes = 0L;
        var modified = Files.getLastModifiedTime(folder).toInstant();
        for (var file : sorted(folder, Files::isRegularFile)) {
            bytes += Files.size(file);
            var written = Files.getLastModifiedTime(file).toInstant();
            modified = written.isAfter(modified) ? written : modified;
        }
        return new Leftover(folder, Kind.SPOOL, bytes, modified);
    }

    private static void addFiles(
            Path folder, DirectoryStream.Filter<Path> filter, Kind kind, Instant before, List<Leftover> found)
            throws IOException {
        for (var file : sorted(folder, filter)) {
            try {
                var modified = Files.getLastModifiedTime(file).toInstant();
                if (modified.isBefore(before)) {
                    found.add(new Leftover(file, kind, Files.size(file), modified));
                }
            } catch (NoSuchFileException e) {
                // Its owner was alive and has finished with it.
            }
        }
    }

    private static boolean isTemporary(Path file) {
        return name(file).startsWith(".") && name(file).endsWith(TEMPORARY) && isFile(file);
    }

    private static boolean isProbe(Path file) {
        return OWN_FILES.stream().anyMatch(name(file)::startsWith)
                && !name(file).endsWith(TEMPORARY)
                && isFile(file);
    }

    private static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static List<Path> folders(Path root) throws IOException {
        try {
            return sorted(root, folder -> Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new FileSystemException(root.toString(), null, "no such folder");
        }
    }

    private static List<Path> sorted(Path folder, DirectoryStream.Filter<Path> filter) throws IOException {
        var entries = new ArrayList<Path>();
        try (var stream = Files.newDirectoryStream(folder, filter)) {
            stream.forEach(entries::add);
        }
        entries.sort(null);
        return entries;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
