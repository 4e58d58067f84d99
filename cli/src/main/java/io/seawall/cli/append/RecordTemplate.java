package io.seawall.cli.append;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.command.Json;
import io.seawall.client.log.Header;
import io.seawall.client.log.WalRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The common parts of all records of one append: the key and the headers. Immutable. */
final class RecordTemplate {
    /** What a node counts for each header besides its bytes. */
    private static final int HEADER_OVERHEAD_BYTES = 10;

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

    /** Returns the size of a record without its value as a node counts it against its limit. */
    int countedBytes() {
        return sizeBytes + headers.size() * HEADER_OVERHEAD_BYTES;
    }

    /** Returns a record with this value, which is not copied. */
    WalRecord record(byte[] value) {
        return new WalRecord(key, value, headers);
    }

    /** Returns a record with this value in the form of the HTTP API. */
    ObjectNode json(byte[] value) {
        var record = Json.object();
        if (key != null) {
            record.put("key", key);
        }
        record.put("value", value);
        if (!headers.isEmpty()) {
            var array = record.putArray("headers");
            headers.forEach(header -> array.addObject().put("key", header.key()).put("value", header.value()));
        }
        return record;
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
