package io.seawall.cli.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.command.Ages;
import io.seawall.cli.command.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the brief status shows of each log, so that a line fits in 80 columns, and in a line below why a log is not available. */
final class StatusTable {
    private final Instant now;

    StatusTable(Instant now) {
        this.now = now;
    }

    /**
     * Returns a row.
     *
     * @param log the log as the node lists it
     * @param place where the cluster has it, or null
     */
    JsonNode row(JsonNode log, @Nullable JsonNode place) {
        ObjectNode row = Json.object();
        row.set("log", log.path("pchannel"));
        row.set("owner", place != null && place.path("owner").isTextual() ? place.path("owner") : value(log, "owner"));
        row.put("state", state(log, place));
        row.set("term", place != null && place.path("term").isNumber() ? place.path("term") : value(log, "term"));
        row.set("tail", value(log, "tail"));
        row.set("lag", value(log, "lag"));
        var since = Json.text(place == null ? log : place, "since");
        if (!since.isEmpty()) {
            row.put("age", age(since));
        }
        return row;
    }

    private static JsonNode value(JsonNode log, String name) {
        var found = log.path(name);
        return found.isMissingNode() ? Json.object().nullNode() : found;
    }

    /** Returns the state by the cluster, which knows logs of all nodes, or that on the node itself. */
    private static String state(JsonNode log, @Nullable JsonNode place) {
        if (place == null) {
            return Json.text(log, "state");
        }
        return switch (Json.text(place, "phase")) {
            case "owned" -> Json.text(place, "condition").isEmpty() ? "opening" : Json.text(place, "condition");
            case "releasing" ->
                Json.text(place, "target").isEmpty() ? "closing" : "moves to " + Json.text(place, "target");
            default -> Json.text(place, "phase");
        };
    }

    private String age(String since) {
        try {
            return Ages.text(Duration.between(Instant.parse(since), now).toMillis());
        } catch (DateTimeException | ArithmeticException notATime) {
            return since;
        }
    }

    /** Returns a line for each log that says why it is not available. */
    List<String> causes(List<JsonNode> logs) {
        var lines = new ArrayList<String>();
        for (var log : logs) {
            var cause = Json.text(log, "cause");
            if (!cause.isEmpty()) {
                lines.add(Json.text(log, "pchannel") + ": " + cause);
            }
        }
        return lines;
    }
}
