package io.seawall.cli.cluster;

import io.seawall.cli.client.ClusterClient;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.Stdio;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a quarantine. */
@Command(
        name = "unquarantine",
        description =
                "Try once more to open a log that was closed because records are missing or forged. Mend it first: see docs/operations.md.")
public final class UnquarantineCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node;

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    public UnquarantineCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var answer = new ClusterClient(node).delete(pchannel.path("/quarantine"));
        node.report().line(pchannel.value() + " is tried once more", answer);
        return 0;
    }
}
