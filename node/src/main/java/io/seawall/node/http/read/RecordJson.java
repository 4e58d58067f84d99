package io.seawall.node.http.read;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.node.http.exchange.Format;
import io.seawall.wal.LogRecord;
import java.io.IOException;

/** Writes records in the form of the API. */
public final class RecordJson {
    private RecordJson() {}

    /** Writes one record as an object. */
    public static void write(JsonGenerator json, LogRecord record, Format format) throws IOException {
        json.writeStartObject();
        json.writeNumberField("lsn", record.lsn());
        json.writeNumberField("term", record.term());
        json.writeNumberField("timestampMs", record.timestampMs());
        format.write(json, "key", record.data().key());
        format.write(json, "value", record.data().value());
        json.writeArrayFieldStart("headers");
        for (var header : record.data().headers()) {
            json.writeStartObject();
            json.writeStringField("key", header.key());
            format.write(json, "value", header.value());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
