package io.seawall.it.segments;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.it.kit.History;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/**
 * The segments of one pchannel for a reader that only knows the layout: files, names and plain Avro. Shares no code with the
 * product.
 *
 * @param folder the folder with the pchannel's files
 */
record SegmentFolder(Path folder) {
    static SegmentFolder of(Path root, PChannel pchannel) {
        return new SegmentFolder(root.resolve(pchannel.topic()).resolve(String.valueOf(pchannel.partition())));
    }

    /** Returns the published files, by name and thus by first LSN. */
    List<Path> segments() {
        return files(".*[0-9]{20}\\.avro");
    }

    /** Returns the files of unfinished puts that have no name yet, in a local store. */
    List<Path> unfinished() {
        return files(".*\\.tmp");
    }

    private List<Path> files(String pattern) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(pattern))
                    .sorted()
                    .toList();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /**
     * Checks all files.
     *
     * @return the violations, empty if there are none: LSNs that are missing, duplicated or in the wrong file, and values
     *     that differ
     */
    List<String> violations(History history, PChannel pchannel) {
        var wrong = new ArrayList<String>();
        var all = new ArrayList<History.Entry>();
        for (var segment : segments()) {
            var name = segment.getFileName().toString();
            try {
                var entries = entries(segment);
                if (entries.isEmpty()) {
                    wrong.add(name + " holds no record");
                } else if (entries.get(0).lsn() != Long.parseLong(name.substring(0, 20))) {
                    wrong.add(name + " begins with LSN " + entries.get(0).lsn());
                }
                all.addAll(entries);
            } catch (IOException | AvroRuntimeException error) {
                wrong.add(name + " cannot be read: " + error);
            }
        }
        wrong.addAll(history.violations(pchannel, all));
        return wrong;
    }

    /** Returns the number of records; fails if a file cannot be read. */
    int records() {
        try {
            var count = 0;
            for (var segment : segments()) {
                count += entries(segment).size();
            }
            return count;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static List<History.Entry> entries(Path segment) throws IOException {
        var entries = new ArrayList<History.Entry>();
        try (var reader = new DataFileReader<>(segment.toFile(), new GenericDatumReader<GenericRecord>())) {
            for (var record : reader) {
                var value = UTF_8.decode((ByteBuffer) record.get("value")).toString();
                entries.add(new History.Entry((Long) record.get("lsn"), value));
            }
        }
        return entries;
    }
}
