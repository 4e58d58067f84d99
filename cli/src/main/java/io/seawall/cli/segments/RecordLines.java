package io.seawall.cli.segments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.command.Json;
import io.seawall.wal.LogRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Writes records of segments, one per line, in the form in which {@code read} writes those of a node. */
enum RecordLines {
    /** The value's bytes and a newline. A null value looks like an empty one. */
    VALUES,
    /** The whole record in the form of the API, bytes in base64. */
    JSON;

    /**
     * Writes a record.
     *
     * @return its size in bytes
     */
    int write(LogRecord record, OutputStream out) {
        try {
            var line = this == JSON ? Json.MAPPER.writeValueAsBytes(json(record)) : value(record);
            out.write(line);
            out.write('\n');
            return line.length + 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] value(LogRecord record) {
        var value = record.data().value();
        return value == null ? new byte[0] : value;
    }

    private static ObjectNode json(LogRecord record) {
        var json = Json.object()
                .put("lsn", record.lsn())
                .put("term", record.term())
                .put("timestampMs", record.timestampMs())
                .put("key", record.data().key())
                .put("value", record.data().value());
        var headers = json.putArray("headers");
        record.data()
                .headers()
                .forEach(header -> headers.addObject().put("key", header.key()).put("value", header.value()));
        return json;
    }
}
