package io.seawall.cli.dev;

import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Report;
import io.seawall.cli.command.Running;
import io.seawall.cli.command.SettingConverter;
import io.seawall.cli.command.Stdio;
import io.seawall.wal.FutureErrors;
import java.io.IOException;
import java.io.OutputStream;
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

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            converter = SettingConverter.class,
            description = "One setting; may be given more than once.")
    private List<String> assignments = List.of();

    @Option(names = "--json", description = "Print the node's address as a JSON object.")
    private boolean json;

    /** For a process that starts nodes: however it ends, the kernel closes the pipe that is this process's standard input. */
    @Option(names = "--until-input-ends", hidden = true)
    private boolean untilInputEnds;

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
            if (untilInputEnds) {
                stopWhenInputEnds(running);
            }
            node.awaitEnd();
            return ExitCode.OK;
        }
    }

    private void stopWhenInputEnds(Running running) {
        var watch = new Thread(
                () -> {
                    awaitEndOfInput();
                    Thread.currentThread()
                            .interrupt(); // so that logs are not handed over first: the other nodes end as well
                    running.close();
                },
                "seawall-parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private void awaitEndOfInput() {
        try {
            stdio.in().transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            stdio.err()
                    .println("seawall: standard input failed, which counts as its end: " + FutureErrors.text(broken));
        }
    }
}
