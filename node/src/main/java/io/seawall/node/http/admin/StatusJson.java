package io.seawall.node.http.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.ports.PChannelStatus.Assigned;
import io.seawall.node.ports.PChannelStatus.Target;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the status of a pchannel; unknown values are null. */
final class StatusJson {
    private StatusJson() {}

    static void write(JsonGenerator json, PChannelStatus status) throws IOException {
        var positions = status.positions();
        json.writeStartObject();
        json.writeStringField("pchannel", status.pchannel().toString());
        number(
                json,
                "term",
                status.ownership().term() < 0 ? null : status.ownership().term());
        number(
                json,
                "epoch",
                status.ownership().epoch() < 0 ? null : status.ownership().epoch());
        json.writeStringField("state", status.state().name().toLowerCase(Locale.ROOT));
        text(json, "owner", status.ownership().owner());
        text(json, "url", status.ownership().url());
        number(json, "oldest", positions == null ? null : positions.oldest());
        number(json, "tail", positions == null ? null : positions.tail());
        number(json, "flushed", positions == null ? null : positions.flushed());
        number(json, "lag", positions == null ? null : positions.lag());
        placement(json, status.placement());
        text(json, "cause", status.cause());
        text(json, "since", status.since());
        assigned(json, status.assigned());
        flush(json, status.flush());
        transaction(json, status.oddities().transaction());
        number(json, "timestampsAheadMs", status.oddities().timestampsAheadMs());
        json.writeEndObject();
    }

    private static void placement(JsonGenerator json, PChannelStatus.@Nullable Placement placement) throws IOException {
        text(json, "phase", placement == null ? null : placement.phase());
        text(json, "why", placement == null ? null : placement.why());
    }

    private static void assigned(JsonGenerator json, @Nullable Assigned assigned) throws IOException {
        target(json, "expected", assigned == null ? null : assigned.expected());
        target(json, "current", assigned == null ? null : assigned.current());
        number(json, "termsSeen", assigned == null ? null : assigned.termsSeen());
        json.writeFieldName("lastFailure");
        var failure = assigned == null ? null : assigned.lastFailure();
        if (failure == null) {
            json.writeNull();
        } else {
            json.writeStartObject();
            json.writeNumberField("term", failure.term());
            json.writeStringField("at", failure.at().toString());
            json.writeStringField("code", failure.code());
            json.writeStringField("error", failure.error());
            json.writeEndObject();
        }
    }

    private static void flush(JsonGenerator json, PChannelStatus.@Nullable Flush flush) throws IOException {
        json.writeFieldName("flush");
        if (flush == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("state", flush.state());
        json.writeBooleanField("paused", flush.paused());
        text(json, "waitsFor", flush.waitsFor());
        json.writeNumberField("failures", flush.failures());
        text(json, "error", flush.error());
        text(json, "trimError", flush.trimError());
        json.writeEndObject();
    }

    private static void transaction(JsonGenerator json, PChannelStatus.@Nullable Transaction transaction)
            throws IOException {
        json.writeFieldName("transaction");
        if (transaction == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        text(json, "transactionalId", transaction.transactionalId());
        json.writeNumberField("producerId", transaction.producerId());
        json.writeNumberField("offset", transaction.offset());
        text(json, "since", transaction.since());
        json.writeEndObject();
    }

    private static void target(JsonGenerator json, String name, @Nullable Target target) throws IOException {
        json.writeFieldName(name);
        if (target == null) {
            json.writeNull();
        } else {
            json.writeStartObject();
            json.writeNumberField("term", target.term());
            json.writeBooleanField("available", target.available());
            json.writeEndObject();
        }
    }

    private static void number(JsonGenerator json, String name, @Nullable Long value) throws IOException {
        json.writeFieldName(name);
        if (value == null) {
            json.writeNull();
        } else {
            json.writeNumber(value);
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        json.writeStringField(name, value == null ? null : value.toString());
    }
}
