package io.seawall.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.wal.LogRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** The two forms in which commands write records, one per line. */
public enum RecordLines {
    /** The value's bytes and a newline. A null value looks like an empty one. */
    VALUES,
    /** The whole record in the form of the API, bytes in base64. */
    JSON;

    /**
     * Writes a record.
     *
     * @return its size in bytes
     */
    public int write(LogRecord record, OutputStream out) {
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
