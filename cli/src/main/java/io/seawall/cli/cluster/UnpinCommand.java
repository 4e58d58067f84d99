package io.seawall.cli.cluster;

import io.seawall.cli.client.ClusterClient;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.Stdio;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a pin. */
@Command(
        name = "unpin",
        description =
                "Let a log be on any node again after 'seawall pin'. It stays where it is until there is a reason to move it.")
public final class UnpinCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node;

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    public UnpinCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var answer = new ClusterClient(node).delete(pchannel.path("/pin"));
        node.report().line(pchannel.value() + " may be on any node", answer);
        return 0;
    }
}
