package io.seawall.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.command.Ages;
import io.seawall.cli.command.Json;
import java.util.ArrayList;
import java.util.List;

/** Puts the answers of a cluster into words. */
final class ClusterText {
    private static final String REASON = "reason";

    private ClusterText() {}

    /** Returns the lines that explain a log, without its changes. */
    static List<String> explanation(JsonNode explanation) {
        var lines = new ArrayList<String>();
        var log = explanation.path("log");
        lines.add(log.path("pchannel").asText() + ": " + place(log));
        add(lines, "since", Json.text(log, "since"));
        lines.add("why: " + Json.text(log, REASON)
                + (Json.text(log, "text").isEmpty() ? "" : ": " + Json.text(log, "text")));
        add(lines, "waits for", Json.text(explanation, "waits"));
        var failures = explanation.path("failures").asLong();
        add(lines, "failures in a row", failures == 0 ? "" : Long.toString(failures));
        add(lines, "the owner reports", report(explanation.path("report")));
        explanation.path("rivals").forEach(rival -> add(lines, "met in the log", rival(rival)));
        add(lines, "pinned to", order(explanation.path("pin"), "node"));
        add(lines, "frozen until", order(explanation.path("freeze"), "until"));
        var explainer = Json.text(explanation, "explainedBy");
        lines.add(
                explanation.path("coordinates").asBoolean()
                        ? "explained by: " + explainer + ", the coordinator"
                        : "explained by: " + explainer
                                + ", which is not the coordinator: what the log waits for is not known");
        return lines;
    }

    private static void add(List<String> lines, String name, String text) {
        if (!text.isEmpty()) {
            lines.add(name + ": " + text);
        }
    }

    private static String place(JsonNode log) {
        var term = log.path("term").isNumber() ? " at term " + log.path("term").asText() : "";
        var owner = Json.text(log, "owner");
        return switch (Json.text(log, "phase")) {
            case "owned" -> "owned by " + owner + term + ", " + condition(log);
            case "releasing" ->
                "owned by " + owner + term + ", which releases it for "
                        + (Json.text(log, "target").isEmpty() ? "no other node" : Json.text(log, "target"));
            case "unowned" -> "has no owner";
            case "quarantined" ->
                "in quarantine because of " + Json.text(log, "code") + term
                        + "; 'seawall unquarantine' tries once more";
            default -> Json.text(log, "phase") + term;
        };
    }

    private static String condition(JsonNode log) {
        return switch (Json.text(log, "condition")) {
            case "available" -> "open";
            case "" -> "which has not reported yet";
            default -> Json.text(log, "condition");
        };
    }

    private static String report(JsonNode report) {
        if (!report.isObject()) {
            return "";
        }
        var code = Json.text(report, "code");
        var message = Json.text(report, "message");
        return Json.text(report, "condition")
                + (code.isEmpty() ? "" : " " + code)
                + (message.isEmpty() ? "" : ": " + message);
    }

    private static String rival(JsonNode report) {
        var seen = report.path("seenTerm").isNumber()
                ? " at term " + report.path("seenTerm").asText()
                : "";
        return Json.text(report, "rival") + seen + ", reported by " + Json.text(report, "incarnation") + " at "
                + Json.text(report, "at");
    }

    private static String order(JsonNode order, String what) {
        if (!order.isObject()) {
            return "";
        }
        var subject = Json.text(order, what).isEmpty() ? "somebody thaws it" : Json.text(order, what);
        return subject + (Json.text(order, REASON).isEmpty() ? "" : " (" + Json.text(order, REASON) + ")");
    }

    /** Returns a change as a row of a table. */
    static JsonNode change(JsonNode change) {
        var row = Json.object();
        row.set("at", change.path("at"));
        row.set("what", change.path("what"));
        row.set("node", change.path("node"));
        row.set("term", change.path("term"));
        row.put(
                "lasted",
                change.path("lastedMs").isNumber()
                        ? Ages.text(change.path("lastedMs").asLong())
                        : "-");
        row.set("why", change.path("text"));
        return row;
    }
}
