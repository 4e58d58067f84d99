package io.seawall.cli.cluster;

import io.seawall.cli.client.ClusterClient;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.command.Stdio;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Allows moves again. */
@Command(
        name = "thaw",
        description = "Allow moves again after 'seawall freeze' with the same --node or --log, or without either.")
public final class ThawCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node;

    @Mixin
    private final FreezeScope scope = new FreezeScope();

    public ThawCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var answer = new ClusterClient(node).delete(scope.path());
        node.report().line(scope.moves() + " are allowed again", answer);
        return 0;
    }
}
