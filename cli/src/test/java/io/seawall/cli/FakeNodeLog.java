package io.seawall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.FakeNode.Answer;
import io.seawall.cli.FakeNode.Request;
import io.seawall.cli.command.Json;
import java.util.ArrayList;
import java.util.List;

/** One log behind a {@link FakeNode}, to which records are appended over HTTP. Its state is guarded by its monitor. */
public final class FakeNodeLog {
    public static final String RECORDS = "/v1/pchannels/orders-3/records";
    private static final int TERM = 7;

    private final List<ObjectNode> records = new ArrayList<>();

    /** Makes a node serve the log. */
    public FakeNodeLog on(FakeNode node) {
        node.on("POST " + RECORDS, this::append);
        return this;
    }

    public synchronized List<ObjectNode> records() {
        return List.copyOf(records);
    }

    private synchronized Answer append(Request request) {
        var first = records.size();
        request.body().get("records").forEach(this::add);
        var acknowledgement = Json.object()
                .put("term", TERM)
                .put("first", first)
                .put("last", records.size() - 1)
                .put("tail", records.size());
        return Answer.json(200, Json.line(acknowledgement));
    }

    private void add(JsonNode record) {
        var stored = Json.object();
        stored.set("key", record.path("key").isMissingNode() ? null : record.get("key"));
        stored.set("value", record.get("value"));
        stored.set("headers", record.path("headers").isArray() ? record.get("headers") : Json.MAPPER.createArrayNode());
        records.add(stored);
    }
}
