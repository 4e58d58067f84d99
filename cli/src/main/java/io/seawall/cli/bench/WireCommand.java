package io.seawall.cli.bench;

import io.seawall.benchmarks.measure.BenchKafka;
import io.seawall.benchmarks.measure.Plan;
import io.seawall.benchmarks.measure.TemporaryFolder;
import io.seawall.benchmarks.wire.LineInput;
import io.seawall.benchmarks.wire.WireBenchmark;
import io.seawall.benchmarks.wire.WireNode;
import io.seawall.benchmarks.wire.WirePart;
import io.seawall.benchmarks.wire.WirePlan;
import io.seawall.cli.command.ChildNode;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.DurationConverter;
import io.seawall.cli.command.PathConverter;
import io.seawall.cli.command.Running;
import io.seawall.cli.command.SelfCommand;
import io.seawall.cli.command.Stdio;
import io.seawall.wal.FutureErrors;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Measures a node as clients see it. */
@Command(
        name = "wire",
        description = {
            "A node over gRPC and HTTP, each beside what it is compared with: a log in this process, a bare producer, a request"
                    + " that does nothing, kcat.",
            "",
            "Starts a broker and a node, or uses those of --url, --grpc and --kafka; it creates and deletes topics bench-... there."
        })
public final class WireCommand extends BenchCommand.Run {
    private static final int LONGEST_START_S = 60;

    private final ChildNode.Launcher nodes;
    private final SelfCommand self;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Measure the node that serves HTTP here; needs --grpc and --kafka.")
    private @Nullable URI url;

    @Option(names = "--grpc", paramLabel = "HOST:PORT", description = "Where that node serves gRPC.")
    private @Nullable String grpc;

    @Option(
            names = "--node-pid",
            paramLabel = "PID",
            description = "The process of that node, if it is on this machine, for its processor time.")
    private @Nullable Long pid;

    @Option(
            names = "--parts",
            paramLabel = "PART",
            split = ",",
            converter = PartConverter.class,
            description = "Which parts: ${COMPLETION-CANDIDATES}, separated by commas (default: all).")
    private Set<WirePart> parts = EnumSet.allOf(WirePart.class);

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds of each comparison; at most 3 of lines (default: ${DEFAULT-VALUE}).")
    private int rounds = Plan.full().rounds();

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long each side is measured in a round (default: 10s).")
    private Duration time = Plan.full().round();

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long each side runs before that (default: 8s).")
    private Duration warmUp = Plan.full().warmUp();

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Records a second for latency and fan-out (default: ${DEFAULT-VALUE}).")
    private int rate = Plan.full().perSecond();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Records of a batch over gRPC (default: ${DEFAULT-VALUE}).")
    private int batch = 100;

    @Option(
            names = "--batch-bytes",
            paramLabel = "BYTES",
            description = "Batches of client and producer (default: ${DEFAULT-VALUE}).")
    private int batchBytes = 128 << 10;

    @Option(
            names = "--linger",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long these wait for more records (default: 5ms).")
    private Duration linger = Duration.ofMillis(5);

    @Option(names = "--connections", paramLabel = "N", description = "Connections of HTTP (default: ${DEFAULT-VALUE}).")
    private int connections = 64;

    @Option(names = "--readers", paramLabel = "N", description = "Readers of one log (default: ${DEFAULT-VALUE}).")
    private int readers = 100;

    @Option(
            names = "--lines",
            paramLabel = "FILE",
            converter = PathConverter.class,
            description = "Lines to append; made by default.")
    private @Nullable Path lines;

    @Option(
            names = "--lines-mb",
            paramLabel = "N",
            description = "How many MB of lines to make (default: ${DEFAULT-VALUE}).")
    private int linesMb = 100;

    /**
     * Creates the command.
     *
     * @param nodes starts the node, as a process of its own, so that its processor time is not that of the benchmark
     * @param self runs the commands that are measured
     */
    public WireCommand(Stdio stdio, Consumer<Thread> shutdownHooks, ChildNode.Launcher nodes, SelfCommand self) {
        super(stdio, shutdownHooks);
        this.nodes = nodes;
        this.self = self;
    }

    @Override
    void check() {
        if (url != null && (grpc == null || !usesExistingKafka())) {
            throw wrongUsage("--url needs --grpc and --kafka: the gRPC address and the brokers of the same node");
        }
        if (url == null && (grpc != null || pid != null)) {
            throw wrongUsage("--grpc and --node-pid need --url");
        }
        positive("--rounds", rounds);
        positive("--time, in milliseconds,", time.toMillis());
        positive("--warm-up, in milliseconds,", warmUp.toMillis());
        positive("--rate", rate);
        positive("--batch", batch);
        positive("--batch-bytes", batchBytes);
        positive("--connections", connections);
        positive("--readers", readers);
        positive("--lines-mb", linesMb);
        if (lines != null && !Files.isReadable(lines)) {
            throw wrongUsage("--lines is " + lines + ", expected a file that can be read");
        }
    }

    private void positive(String option, long value) {
        if (value < 1) {
            throw wrongUsage(option + " is " + value + ", expected 1 or more");
        }
    }

    @Override
    Object measure(BenchKafka on, Running running, Consumer<String> progress) {
        var plan = new WirePlan(
                parts,
                new Plan(
                        rounds,
                        time,
                        warmUp,
                        rate,
                        Plan.full().preparedRecords(),
                        Plan.full().takeovers()),
                batch,
                batchBytes,
                linger,
                connections,
                readers);
        var input = new LineInput(lines, linesMb, self.with("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        return new WireBenchmark(on, node(on, running, progress), plan, input, progress).run();
    }

    private WireNode node(BenchKafka on, Running running, Consumer<String> progress) {
        if (url != null && grpc != null) {
            return new WireNode(url, grpc, pid == null ? OptionalLong.empty() : OptionalLong.of(pid));
        }
        progress.accept("starting a node ...");
        var directory = running.add(new TemporaryFolder()).path();
        var settings = List.of(
                "node.id=bench",
                "data.dir=" + directory.resolve("data"),
                "prefix=" + on.nodePrefix(),
                "kafka.bootstrap.servers=" + on.bootstrapServers(),
                "http.port=0",
                "grpc.port=0",
                "cluster.settle.ms=0",
                // The logs in this process are not flushed either.
                "flush.enabled=false");
        var node = running.add(nodes.spawn("bench", directory, settings));
        awaitReady(node);
        return new WireNode(node.url(), node.grpc().orElseThrow(), OptionalLong.of(node.pid()));
    }

    private static void awaitReady(ChildNode node) {
        try {
            CompletableFuture.runAsync(() -> ready(node))
                    .orTimeout(LONGEST_START_S, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failed) {
            if (FutureErrors.unwrapped(failed) instanceof CommandFailed ended) {
                throw ended;
            }
            throw new CommandFailed("the node did not start within " + LONGEST_START_S + " s", failed);
        }
    }

    private static void ready(ChildNode node) {
        try {
            node.awaitReady();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the node starts", interrupted);
        }
    }

    /** Takes the names that are shown, and no others. */
    static final class PartConverter implements ITypeConverter<WirePart> {
        @Override
        public WirePart convert(String text) {
            var parts = List.of(WirePart.values());
            return parts.stream()
                    .filter(part -> part.toString().equals(text))
                    .findFirst()
                    .orElseThrow(
                            () -> new TypeConversionException("expected one of " + parts + " but was '" + text + "'"));
        }
    }
}
