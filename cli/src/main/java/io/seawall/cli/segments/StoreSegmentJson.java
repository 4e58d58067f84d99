package io.seawall.cli.segments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.command.Json;
import io.seawall.node.ports.Flushes.Range;
import io.seawall.node.ports.Flushes.Segment;
import io.seawall.node.ports.Flushes.Verified;

/** Writes segments read from a store in the form in which a node reports them. */
final class StoreSegmentJson {
    private StoreSegmentJson() {}

    static ObjectNode of(Segment segment) {
        var json = Json.object()
                .put("name", segment.name())
                .put("kind", segment.gap() ? "gap" : "records")
                .put("first", segment.first())
                .put("last", segment.last())
                .put("records", segment.records())
                .put("bytes", segment.bytes());
        json.set("terms", range(segment.terms()));
        json.set("timestampsMs", range(segment.timestampsMs()));
        return json.put("logId", segment.logId());
    }

    private static ObjectNode range(Range range) {
        return Json.object().put("min", range.min()).put("max", range.max());
    }

    static ObjectNode of(Verified verified) {
        var json = Json.object()
                .put("ok", verified.errors().isEmpty())
                .put("segments", verified.segments())
                .put("records", verified.records())
                .put("next", verified.next());
        var gaps = json.putArray("gaps");
        verified.gaps().forEach(gap -> gaps.addObject().put("first", gap.min()).put("last", gap.max()));
        verified.errors().forEach(json.putArray("errors")::add);
        return json;
    }
}
