package io.seawall.cli.cluster;

import io.seawall.cli.client.ClusterClient;
import io.seawall.cli.client.NodeArgument;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.Stdio;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Wishes a log on a node. */
@Command(
        name = "pin",
        description = "Keep a log on a node whenever that node takes logs; while it does not, the log is elsewhere.")
public final class PinCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node;

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    @Parameters(
            index = "1",
            paramLabel = "<node>",
            converter = NodeArgument.Converter.class,
            description = "The node's id (node.id).")
    @SuppressWarnings("NullAway.Init") // picocli refuses to run the command without it
    private String wanted;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown wherever the pin is.")
    private String reason = "";

    public PinCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var body = ClusterClient.withReason(reason).put("node", wanted);
        var answer = new ClusterClient(node).put(pchannel.path("/pin"), body);
        node.report().line(pchannel.value() + " is pinned to " + wanted, answer);
        return 0;
    }
}
