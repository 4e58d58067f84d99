package io.seawall.cli.dev;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.client.NodeClient;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Report;
import io.seawall.cli.command.Running;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.dev.NodeLauncher.RunningNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a broker, a node and a demo topic on this machine. */
@Command(
        name = "dev",
        description = {
            "Run a real Kafka broker, a node and a topic 'demo' with 4 logs on this machine, until SIGTERM or SIGINT.",
            "",
            "Started again on the same data, it serves the same logs."
        })
public final class DevCommand implements Callable<Integer> {
    private final Stdio stdio;
    private final NodeLauncher nodes;
    private final BrokerLauncher brokers;
    private final Consumer<Thread> shutdownHooks;
    private volatile boolean brokerIsGone; // written when the broker ends, read when the node has ended

    @Option(names = "--data", paramLabel = "DIR", description = "Where data is kept (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Option(names = "--port", paramLabel = "N", description = "The node's HTTP port (default: 7070).")
    private @Nullable Integer port;

    @Option(
            names = "--grpc-port",
            paramLabel = "N",
            description = "The node's gRPC port, 0 for any free one (default: 7071).")
    private @Nullable Integer grpcPort;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT,...",
            description = "Use this Kafka cluster instead of starting a broker.")
    private @Nullable String kafka;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting of the node; may be given more than once.")
    private List<String> assignments = List.of();

    @Option(names = "--json", description = "Print the addresses as a JSON object.")
    private boolean json;

    public DevCommand(Stdio stdio, NodeLauncher nodes, BrokerLauncher brokers, Consumer<Thread> shutdownHooks) {
        this.stdio = stdio;
        this.nodes = nodes;
        this.brokers = brokers;
        this.shutdownHooks = shutdownHooks;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var running = new Running(stdio.err(), shutdownHooks)) {
            var bootstrapServers = kafka == null ? startBroker(running) : kafka;
            var node = running.add(nodes.start(null, settings(bootstrapServers)));
            new DemoTopic(new NodeClient(node.url())).prepare();
            new Report(stdio, json).line(greeting(node, bootstrapServers), whereabouts(node, bootstrapServers));
            node.awaitEnd();
            return brokerIsGone ? ExitCode.FAILED : ExitCode.OK;
        }
    }

    private String startBroker(Running running) {
        var directory = data.resolve("kafka");
        stdio.err().println("seawall: starting a Kafka broker, with its data in " + directory + " ...");
        var broker = running.add(brokers.start(directory));
        // Use another thread, because closing a node without its Kafka takes a while.
        var unused = broker.ended().thenAcceptAsync(why -> stopWithout(why, running));
        return broker.bootstrapServers();
    }

    private void stopWithout(String why, Running running) {
        if (running.isClosing()) {
            return; // Ctrl-C in a terminal reaches the broker too, which then ends before the node
        }
        brokerIsGone = true;
        stdio.err().println("seawall: " + why + "; dev stops, because nothing works without it");
        running.close();
    }

    /** Returns the node's settings. The user's settings come last and override the others. */
    private List<String> settings(String bootstrapServers) {
        var settings = new ArrayList<>(List.of(
                "node.id=dev",
                "cluster.settle.ms=0", // no other node is about to come
                "data.dir=" + data,
                "kafka.bootstrap.servers=" + bootstrapServers));
        if (port != null) {
            settings.add("http.port=" + port);
        }
        if (grpcPort != null) {
            settings.add("grpc.port=" + grpcPort);
        }
        settings.addAll(assignments);
        return settings;
    }

    private JsonNode whereabouts(RunningNode node, String bootstrapServers) {
        var whereabouts = Json.object()
                .put("url", node.url().toString())
                .put("kafka", bootstrapServers)
                .put("data", data.toString())
                .put("topic", DemoTopic.NAME);
        node.grpc().ifPresent(grpc -> whereabouts.put("grpc", grpc));
        return whereabouts;
    }

    private String greeting(RunningNode node, String bootstrapServers) {
        var url = node.url();
        var grpc = node.grpc().map(address -> ", gRPC at " + address).orElse("");
        return """
                Seawall is ready at %1$s (Kafka at %2$s, data in %3$s%4$s). Stop it with Ctrl-C. Try:

                  curl -H 'Content-Type: application/octet-stream' --data-binary 'hello' %1$s/v1/pchannels/demo-0/records
                  curl '%1$s/v1/pchannels/demo-0/records?from=oldest&format=text'
                  ./seawall status --url %1$s
                  ls | ./seawall append demo-1 --lines --url %1$s
                  ./seawall read demo-1 --from oldest --until-tail --url %1$s""".formatted(url, bootstrapServers, data, grpc);
    }
}
