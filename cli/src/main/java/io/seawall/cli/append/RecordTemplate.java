package io.seawall.cli.append;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.wal.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The common parts of all records of one append: the key and the headers. Immutable. */
final class RecordTemplate {
    private final byte @Nullable [] key;
    private final List<Header> headers;
    private final int sizeBytes;

    RecordTemplate(byte @Nullable [] key, List<Header> headers) {
        this.key = key;
        this.headers = List.copyOf(headers);
        this.sizeBytes = sizeBytes(key, headers);
    }

    /** Returns the size of a record without its value. */
    int sizeBytes() {
        return sizeBytes;
    }

    /** Writes one record with this value in the form of the API. */
    void write(JsonGenerator json, byte[] buffer, int offset, int length) throws IOException {
        json.writeStartObject();
        if (key != null) {
            json.writeBinaryField("key", key);
        }
        json.writeFieldName("value");
        json.writeBinary(buffer, offset, length);
        if (!headers.isEmpty()) {
            writeHeaders(json);
        }
        json.writeEndObject();
    }

    private void writeHeaders(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("headers");
        for (var header : headers) {
            json.writeStartObject();
            json.writeStringField("key", header.key());
            var value = header.value();
            if (value == null) {
                json.writeNullField("value");
            } else {
                json.writeBinaryField("value", value);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static int sizeBytes(byte @Nullable [] key, List<Header> headers) {
        var size = key == null ? 0 : key.length;
        for (var header : headers) {
            var value = header.value();
            size += header.key().getBytes(StandardCharsets.UTF_8).length + (value == null ? 0 : value.length);
        }
        return size;
    }
}
