package io.seawall.kafkalocal;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The file that takes the output of a broker process, run after run.
 *
 * @param file may not exist yet
 */
record BrokerLog(Path file) {
    private static final int SHOWN_BYTES = 4000;

    /** The length in bytes, 0 if there is no file. */
    long size() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** What was written from a position in bytes on; bytes that are not UTF-8 are replaced. */
    String since(long position) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (var channel = Files.newByteChannel(file, StandardOpenOption.READ)) {
            channel.position(position);
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The end of what was written from a position on, for an error message. */
    String endSince(long position) throws IOException {
        var text = since(Math.max(position, size() - SHOWN_BYTES)).strip();
        return text.isEmpty() ? "(nothing)" : text;
    }

    /** Moves the file of earlier runs aside, so that kept data does not grow a log without end; one generation stays. */
    void rotate() throws IOException {
        if (Files.exists(file)) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
