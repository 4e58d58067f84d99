package io.seawall.kafkalocal;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The file with the output of a broker process; each run appends to it.
 *
 * @param file may not exist yet
 */
record BrokerLog(Path file) {
    private static final int SHOWN_BYTES = 4000;

    /** Returns the length in bytes, 0 if there is no file. */
    long size() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** Returns the output from a position in bytes on; replaces bytes that are not UTF-8. */
    String since(long position) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (var channel = Files.newByteChannel(file, StandardOpenOption.READ)) {
            channel.position(position);
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns the end of the output after a position, for an error message. */
    String endSince(long position) throws IOException {
        var text = since(Math.max(position, size() - SHOWN_BYTES)).strip();
        return text.isEmpty() ? "(nothing)" : text;
    }

    /** Renames the file of earlier runs, so that the log of kept data does not grow forever; keeps one generation. */
    void rotate() throws IOException {
        if (Files.exists(file)) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
