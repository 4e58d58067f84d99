package io.seawall.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.client.ClusterClient;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.command.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Explains why a log is where it is. */
@Command(
        name = "explain",
        description = {
            "Explain why a log is where it is: who owns it, since when and why, what it waits for, what its owner reports, which"
                    + " other owners were met in the log, and its last 20 changes.",
        })
public final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node;

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    public ExplainCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var explanation = new ClusterClient(node).explanation(pchannel.path(""));
        if (node.json()) {
            node.stdio().println(Json.line(explanation));
            return 0;
        }
        ClusterText.explanation(explanation).forEach(node.stdio()::println);
        List<JsonNode> changes = Json.items(explanation, "transitions");
        if (!changes.isEmpty()) {
            node.stdio().println("");
            Table.lines(changes.stream().map(ClusterText::change).toList()).forEach(node.stdio()::println);
        }
        return 0;
    }
}
