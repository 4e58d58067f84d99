package io.seawall.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.node.ports.Flushes.Segment;
import io.seawall.node.ports.Flushes.Verified;

/** What is read from a store in the form in which a node tells it. */
final class SegmentJson {
    private SegmentJson() {}

    static ObjectNode of(Segment segment) {
        return Json.object()
                .put("name", segment.name())
                .put("first", segment.first())
                .put("last", segment.last())
                .put("records", segment.records())
                .put("bytes", segment.bytes());
    }

    static ObjectNode of(Verified verified) {
        var json = Json.object()
                .put("ok", verified.errors().isEmpty())
                .put("segments", verified.segments())
                .put("records", verified.records())
                .put("next", verified.next());
        verified.errors().forEach(json.putArray("errors")::add);
        return json;
    }
}
