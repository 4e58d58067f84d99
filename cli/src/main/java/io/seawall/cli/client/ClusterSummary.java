package io.seawall.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/** Says on one line how a cluster is. */
public final class ClusterSummary {
    private ClusterSummary() {}

    /** Returns the line for an answer of {@code GET /v1/cluster}. */
    public static String line(JsonNode cluster) {
        var parts = new ArrayList<String>();
        parts.add(coordinator(cluster));
        parts.add(nodes(cluster));
        parts.add(counted(cluster.path("topics").asLong(), "topic"));
        parts.add(logs(cluster.path("logs")));
        for (var list : List.of("move", "drain", "freeze", "pin")) {
            var size = cluster.path(list + "s").size();
            if (size > 0) {
                parts.add(counted(size, list));
            }
        }
        if (!cluster.path("unreadable").isEmpty()) {
            parts.add(counted(cluster.path("unreadable").size(), "unreadable record"));
        }
        return "cluster: " + String.join("; ", parts);
    }

    private static String coordinator(JsonNode cluster) {
        var known = cluster.path("coordinator");
        if (!known.isObject()) {
            return "no coordinator that " + cluster.path("node").asText() + " knows of";
        }
        var since = known.path("since").isTextual()
                ? " since " + known.path("since").asText()
                : "";
        return known.path("node").asText() + " coordinates" + since;
    }

    private static String nodes(JsonNode cluster) {
        var byState = new TreeMap<String, Integer>();
        for (Iterator<JsonNode> each = cluster.path("nodes").elements(); each.hasNext(); ) {
            byState.merge(each.next().path("state").asText(), 1, Integer::sum);
        }
        var states = new ArrayList<String>();
        byState.forEach((state, count) -> states.add(count + " " + state));
        return "nodes: " + String.join(", ", states);
    }

    private static String logs(JsonNode logs) {
        var text = counted(logs.path("all").asLong(), "log") + ", "
                + logs.path("open").asLong() + " open";
        for (var phase : List.of("unowned", "releasing", "quarantined")) {
            var count = logs.path(phase).asLong();
            text += count == 0 ? "" : ", " + count + " " + phase;
        }
        return text;
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
