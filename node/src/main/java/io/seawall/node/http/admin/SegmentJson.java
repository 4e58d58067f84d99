package io.seawall.node.http.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.node.ports.Flushes.Range;
import io.seawall.node.ports.Flushes.Segment;
import io.seawall.node.ports.Flushes.Verified;
import java.io.IOException;

/** Writes segments and verification results; commands that read a store directly write the same form. */
final class SegmentJson {
    private SegmentJson() {}

    static void write(JsonGenerator json, Segment segment) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", segment.name());
        json.writeStringField("kind", segment.gap() ? "gap" : "records");
        json.writeNumberField("first", segment.first());
        json.writeNumberField("last", segment.last());
        json.writeNumberField("records", segment.records());
        json.writeNumberField("bytes", segment.bytes());
        write(json, "terms", segment.terms());
        write(json, "timestampsMs", segment.timestampsMs());
        json.writeStringField("logId", segment.logId());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, Range range) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("min", range.min());
        json.writeNumberField("max", range.max());
        json.writeEndObject();
    }

    static void write(JsonGenerator json, Verified verified) throws IOException {
        json.writeStartObject();
        json.writeBooleanField("ok", verified.errors().isEmpty());
        json.writeNumberField("segments", verified.segments());
        json.writeNumberField("records", verified.records());
        json.writeNumberField("next", verified.next());
        json.writeArrayFieldStart("gaps");
        for (var gap : verified.gaps()) {
            json.writeStartObject();
            json.writeNumberField("first", gap.min());
            json.writeNumberField("last", gap.max());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("errors");
        for (var error : verified.errors()) {
            json.writeString(error);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
