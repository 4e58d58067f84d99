package io.seawall.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.client.ClusterClient;
import io.seawall.cli.client.NodeArgument;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.Retries;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.DurationConverter;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Empties a node. */
@Command(
        name = "drain",
        description = {
            "Empty a node: its logs move to other nodes, a few at a time, and it gets no others until 'seawall resume'. Lasts"
                    + " beyond the end of its process.",
            "",
            "Refused if no other node can take the logs, unless --force leaves them without an owner."
        })
public final class DrainCommand implements Callable<Integer> {
    private static final long INTERVAL_MS = 300;

    @Mixin
    private final NodeOptions node;

    @Parameters(
            index = "0",
            paramLabel = "<node>",
            converter = NodeArgument.Converter.class,
            description = "The node's id (node.id).")
    @SuppressWarnings("NullAway.Init") // picocli refuses to run the command without it
    private String drained;

    @Option(names = "--force", description = "Also if no other node can take the logs: then they have no owner.")
    private boolean forced;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown wherever the drain is.")
    private String reason = "";

    @Option(names = "--wait", description = "Wait until the node has no logs.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "With --wait: how long to wait while no log moves, as in 30s or 5m (default: 2m).")
    private Duration timeout = Duration.ofMinutes(2);

    public DrainCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var cluster = new ClusterClient(node);
        var body = ClusterClient.withReason(reason);
        if (forced) {
            body.put("forced", true);
        }
        var answer = cluster.put(NodeArgument.path(drained) + "/drain", body);
        if (wait) {
            awaitEmpty(cluster);
        }
        node.report().line(drained + (wait ? " is drained: it has no logs" : " is being drained"), answer);
        return 0;
    }

    private void awaitEmpty(ClusterClient cluster) {
        var progress = node.progress(false);
        var deadline = node.retryDeadline(timeout);
        var last = Long.MAX_VALUE;
        for (var left = left(cluster.cluster()); left > 0; left = left(cluster.cluster())) {
            if (left < last) {
                progress.waitingFor(left + (left == 1 ? " log" : " logs") + " to leave " + drained);
                last = left;
                deadline.renew();
            }
            if (deadline.isOver()) {
                throw new CommandFailed(drained + " still has " + left + " logs, and none has left it for "
                        + timeout.toSeconds()
                        + " s; the drain remains in force: see 'seawall nodes', and 'seawall explain'"
                        + " for a log of it");
            }
            Retries.sleep(INTERVAL_MS);
        }
    }

    private long left(JsonNode cluster) {
        var logs = Json.items(cluster, "nodes").stream()
                .filter(each -> each.path("node").asText().equals(drained))
                .findFirst()
                .map(each -> each.path("logs"));
        return logs.map(counts ->
                        counts.path("owned").asLong() + counts.path("releasing").asLong())
                .orElse(0L);
    }
}
