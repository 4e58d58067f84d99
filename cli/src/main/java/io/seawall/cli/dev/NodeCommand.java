package io.seawall.cli.dev;

import io.seawall.cli.command.Json;
import io.seawall.cli.command.Report;
import io.seawall.cli.command.Running;
import io.seawall.cli.command.Stdio;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a node until it is stopped. */
@Command(
        name = "node",
        description = {
            "Run a node in this process until SIGTERM or SIGINT.",
            "",
            "Configuration: the properties file, overridden by environment variables SEAWALL_... (http.port is "
                    + "SEAWALL_HTTP_PORT), both overridden by --set."
        })
public final class NodeCommand implements Callable<Integer> {
    private final Stdio stdio;
    private final NodeLauncher nodes;
    private final Consumer<Thread> shutdownHooks;

    @Option(names = "--config", paramLabel = "FILE", description = "A properties file.")
    private @Nullable Path config;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting; may be given more than once.")
    private List<String> assignments = List.of();

    @Option(names = "--json", description = "Print the node's address as a JSON object.")
    private boolean json;

    public NodeCommand(Stdio stdio, NodeLauncher nodes, Consumer<Thread> shutdownHooks) {
        this.stdio = stdio;
        this.nodes = nodes;
        this.shutdownHooks = shutdownHooks;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var running = new Running(stdio.err(), shutdownHooks)) {
            var node = running.add(nodes.start(config, assignments));
            var url = node.url().toString();
            var whereabouts = Json.object().put("url", url);
            node.grpc().ifPresent(grpc -> whereabouts.put("grpc", grpc));
            var shown = "Seawall node at " + url
                    + node.grpc().map(grpc -> " (gRPC at " + grpc + ")").orElse("");
            new Report(stdio, json).line(shown, whereabouts);
            node.awaitEnd();
            return 0;
        }
    }
}
