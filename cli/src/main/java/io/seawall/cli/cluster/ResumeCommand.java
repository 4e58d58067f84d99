package io.seawall.cli.cluster;

import io.seawall.cli.client.ClusterClient;
import io.seawall.cli.client.NodeArgument;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.command.Stdio;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends a drain. */
@Command(name = "resume", description = "Let a node take logs again after 'seawall drain'.")
public final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node;

    @Parameters(
            index = "0",
            paramLabel = "<node>",
            converter = NodeArgument.Converter.class,
            description = "The node's id (node.id).")
    @SuppressWarnings("NullAway.Init") // picocli refuses to run the command without it
    private String named;

    public ResumeCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var answer = new ClusterClient(node).delete(NodeArgument.path(named) + "/drain");
        node.report().line(named + " takes logs again", answer);
        return 0;
    }
}
