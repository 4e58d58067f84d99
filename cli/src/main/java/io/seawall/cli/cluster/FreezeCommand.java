package io.seawall.cli.cluster;

import io.seawall.cli.client.ClusterClient;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.command.DurationConverter;
import io.seawall.cli.command.Stdio;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Forbids moves. */
@Command(
        name = "freeze",
        description = {
            "Forbid moves of logs that have a healthy owner: for balance, pins and drains. Logs without an owner still get one, and"
                    + " a node that ends still hands over its logs.",
            "",
            "Without --node and --log it is about all moves. Ends with --for, or with 'seawall thaw'."
        })
public final class FreezeCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node;

    @Mixin
    private final FreezeScope scope = new FreezeScope();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long, as in 10m or 2h; without it until 'seawall thaw'.")
    private @Nullable Duration lasts;

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why; shown wherever the freeze is.")
    @SuppressWarnings("NullAway.Init") // picocli refuses to run the command without it
    private String reason;

    public FreezeCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var body = ClusterClient.withReason(reason);
        if (lasts != null) {
            body.put("ttlMs", lasts.toMillis());
        }
        var answer = new ClusterClient(node).put(scope.path(), body);
        var end = lasts == null ? "until 'seawall thaw'" : "for " + lasts.toSeconds() + " s";
        node.report().line(scope.moves() + " are frozen " + end, answer);
        return 0;
    }
}
