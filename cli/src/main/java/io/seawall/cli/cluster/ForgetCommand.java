package io.seawall.cli.cluster;

import io.seawall.cli.client.ClusterClient;
import io.seawall.cli.client.NodeArgument;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.command.Stdio;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes a node that does not come back. */
@Command(
        name = "forget",
        description = "Remove a node that does not come back: it has to be gone, and to have no logs.")
public final class ForgetCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node;

    @Parameters(
            index = "0",
            paramLabel = "<node>",
            converter = NodeArgument.Converter.class,
            description = "The node's id (node.id).")
    @SuppressWarnings("NullAway.Init") // picocli refuses to run the command without it
    private String named;

    public ForgetCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var answer = new ClusterClient(node).delete(NodeArgument.path(named));
        node.report().line(named + " is forgotten", answer);
        return 0;
    }
}
