package io.seawall.cli.dev;

import io.seawall.cli.client.NodeClient;
import io.seawall.cli.command.ChildNode;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Report;
import io.seawall.cli.command.Running;
import io.seawall.cli.command.SettingConverter;
import io.seawall.cli.command.Stdio;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a broker, one or more nodes and a demo topic on this machine. */
@Command(
        name = "dev",
        description = {
            "Run a real Kafka broker, a node and a topic 'demo' with 4 logs on this machine, until SIGTERM or SIGINT.",
            "",
            "Started again on the same data, it serves the same logs.",
            "Exit codes: 0 stopped, 1 did not start, 2 wrong usage, 3 its Kafka broker ended by itself."
        })
public final class DevCommand implements Callable<Integer> {
    private static final int MOST_NODES = 9;
    private static final int MOST_PORT = 65_535;
    private static final String ANY_BROKER = "127.0.0.1:1"; // only while settings are checked, before there is a broker

    private final Stdio stdio;
    private final NodeLauncher launcher;
    private final BrokerLauncher brokers;
    private final Consumer<Thread> shutdownHooks;

    @Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", description = "Where data is kept (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The node's HTTP port, 0 for any free one (default: 7070).")
    private @Nullable Integer port;

    @Option(
            names = "--grpc-port",
            paramLabel = "N",
            description = "The node's gRPC port, 0 for any free one (default: 7071).")
    private @Nullable Integer grpcPort;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description =
                    "Run a cluster of N nodes. Those after the first are processes of their own, each with ports two"
                            + " above those of the one before (default: ${DEFAULT-VALUE}).")
    private int count = 1;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT,...",
            description = "Use this Kafka cluster instead of starting a broker.")
    private @Nullable String kafka;

    @Option(names = "--restart", description = "Start the Kafka broker again if it ends, instead of ending too.")
    private boolean restart;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            converter = SettingConverter.class,
            description = "One setting of each node; may be given more than once.")
    private List<String> assignments = List.of();

    @Option(names = "--json", description = "Print the addresses as a JSON object.")
    private boolean json;

    public DevCommand(Stdio stdio, NodeLauncher launcher, BrokerLauncher brokers, Consumer<Thread> shutdownHooks) {
        this.stdio = stdio;
        this.launcher = launcher;
        this.brokers = brokers;
        this.shutdownHooks = shutdownHooks;
    }

    @Override
    public Integer call() throws InterruptedException {
        checkUsage();
        var nodes = new DevNodes(data, port, grpcPort, assignments, count);
        for (var number = 1; number <= count; number++) {
            launcher.check(nodes.settings(number, kafka == null ? ANY_BROKER : kafka));
        }
        try (var running = new Running(stdio.err(), shutdownHooks)) {
            var end = new CompletableFuture<Integer>();
            // A thread of its own: starting a node may block for long, and dev ends at once if the broker does.
            var work = new Thread(() -> run(nodes, running, end), "seawall-dev");
            work.setDaemon(true);
            work.start();
            return outcome(end);
        }
    }

    private void checkUsage() {
        if (count < 1 || count > MOST_NODES) {
            throw wrongUsage("--nodes is " + count + ", expected 1 to " + MOST_NODES);
        }
        checkPort("--port", port);
        checkPort("--grpc-port", grpcPort);
        if (restart && kafka != null) {
            throw wrongUsage("--restart is for a broker that dev starts; leave it out with --kafka");
        }
    }

    private void checkPort(String option, @Nullable Integer number) {
        if (number != null && (number < 0 || number > MOST_PORT)) {
            throw wrongUsage(option + " is " + number + ", expected 0 to " + MOST_PORT);
        }
    }

    private RuntimeException wrongUsage(String message) {
        return spec == null
                ? new IllegalStateException("picocli sets the spec before it calls")
                : new ParameterException(spec.commandLine(), message);
    }

    private void run(DevNodes nodes, Running running, CompletableFuture<Integer> end) {
        try {
            var bootstrapServers = kafka == null ? startBroker(running, end) : kafka;
            var first = running.add(launcher.start(null, nodes.settings(1, bootstrapServers)));
            var others = startOthers(nodes, running, bootstrapServers);
            new DemoTopic(new NodeClient(first.url(), first.tls(), first.token())).prepare();
            var greeting = new DevGreeting(first, others, bootstrapServers, data);
            new Report(stdio, json).line(greeting.text(), greeting.json());
            first.awaitEnd();
            end.complete(ExitCode.OK);
        } catch (Throwable failed) { // the command's thread throws it
            end.completeExceptionally(failed);
        }
    }

    private static Integer outcome(CompletableFuture<Integer> end) throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException error) {
                throw error;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private String startBroker(Running running, CompletableFuture<Integer> end) {
        var directory = data.resolve("kafka");
        stdio.err().println("seawall: starting a Kafka broker, with its data in " + directory + " ...");
        var broker = running.add(brokers.start(directory));
        new DevBroker(stdio, running, broker, restart, () -> end.complete(ExitCode.BROKER_ENDED)).watch();
        return broker.bootstrapServers();
    }

    private List<ChildNode> startOthers(DevNodes nodes, Running running, String bootstrapServers)
            throws InterruptedException {
        var started = new ArrayList<ChildNode>();
        for (var number = 2; number <= count; number++) {
            var id = nodes.id(number);
            var directory = nodes.directory(number);
            var child = running.add(launcher.spawn(id, directory, nodes.settings(number, bootstrapServers)));
            var unused = child.ended().thenAccept(why -> {
                if (!running.isClosing()) {
                    stdio.err().println("seawall: " + why + "; the other nodes take over its logs");
                }
            });
            started.add(child);
        }
        for (var child : started) { // all start at the same time
            child.awaitReady();
        }
        return started;
    }
}
