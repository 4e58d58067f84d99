package io.seawall.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.client.ClusterClient;
import io.seawall.cli.client.ClusterSummary;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Report;
import io.seawall.cli.command.Stdio;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the nodes of a cluster, and what is going on in it. */
@Command(
        name = "nodes",
        description = {
            "Show the nodes of the cluster with the logs that they have, and what is going on: moves, drains, freezes, pins, logs in"
                    + " quarantine.",
            "",
            "The coordinator answers. While there is none, the node itself does, which does not know which nodes are there."
        })
public final class NodesCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node;

    public NodesCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var cluster = new ClusterClient(node).cluster();
        if (node.json()) {
            node.stdio().println(Json.line(cluster));
            return 0;
        }
        var report = node.report();
        report.rows(Json.items(cluster, "nodes").stream().map(NodesCommand::row).toList());
        node.stdio().println("");
        node.stdio().println(ClusterSummary.line(cluster));
        for (var list : List.of("moves", "quarantined", "drains", "freezes", "pins", "unreadable")) {
            section(report, cluster, list);
        }
        return 0;
    }

    private void section(Report report, JsonNode cluster, String list) {
        var rows = Json.items(cluster, list);
        if (!rows.isEmpty()) {
            node.stdio().println("");
            node.stdio().println(list + ":");
            report.rows(rows);
        }
    }

    private static JsonNode row(JsonNode node) {
        ObjectNode row = Json.object();
        row.set("node", node.path("node"));
        row.set("state", node.path("state"));
        row.set("logs", node.path("logs").path("owned"));
        row.set("open", node.path("logs").path("open"));
        row.set("releasing", node.path("logs").path("releasing"));
        row.set("movesTo", node.path("movesTo"));
        row.set("movesFrom", node.path("movesFrom"));
        row.set("url", node.path("url"));
        return row;
    }
}
