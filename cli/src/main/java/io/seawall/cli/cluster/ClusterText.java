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
        add(lines, "since", text(log, "since"));
        lines.add("why: " + text(log, REASON) + (text(log, "text").isEmpty() ? "" : ": " + text(log, "text")));
        add(lines, "waits for", text(explanation, "waits"));
        var failures = explanation.path("failures").asLong();
        add(lines, "failures in a row", failures == 0 ? "" : Long.toString(failures));
        add(lines, "the owner reports", report(explanation.path("report")));
        explanation.path("rivals").forEach(rival -> add(lines, "met in the log", rival(rival)));
        add(lines, "pinned to", order(explanation.path("pin"), "node"));
        add(lines, "frozen until", order(explanation.path("freeze"), "until"));
        var explainer = text(explanation, "explainedBy");
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
        var owner = text(log, "owner");
        return switch (text(log, "phase")) {
            case "owned" -> "owned by " + owner + term + ", " + condition(log);
            case "releasing" ->
                "owned by " + owner + term + ", which releases it for "
                        + (text(log, "target").isEmpty() ? "no other node" : text(log, "target"));
            case "unowned" -> "has no owner";
            case "quarantined" ->
                "in quarantine because of " + text(log, "code") + term + "; 'seawall unquarantine' tries once more";
            default -> text(log, "phase") + term;
        };
    }

    private static String condition(JsonNode log) {
        return switch (text(log, "condition")) {
            case "available" -> "open";
            case "" -> "which has not reported yet";
            default -> text(log, "condition");
        };
    }

    private static String report(JsonNode report) {
        if (!report.isObject()) {
            return "";
        }
        var code = text(report, "code");
        var message = text(report, "message");
        return text(report, "condition")
                + (code.isEmpty() ? "" : " " + code)
                + (message.isEmpty() ? "" : ": " + message);
    }

    private static String rival(JsonNode report) {
        var seen = report.path("seenTerm").isNumber()
                ? " at term " + report.path("seenTerm").asText()
                : "";
        return text(report, "rival") + seen + ", reported by " + text(report, "incarnation") + " at "
                + text(report, "at");
    }

    private static String order(JsonNode order, String what) {
        if (!order.isObject()) {
            return "";
        }
        var subject = text(order, what).isEmpty() ? "somebody thaws it" : text(order, what);
        return subject + (text(order, REASON).isEmpty() ? "" : " (" + text(order, REASON) + ")");
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

    private static String text(JsonNode object, String name) {
        var value = object.path(name);
        return value.isNull() ? "" : value.asText();
    }
}
