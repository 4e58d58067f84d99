package io.seawall.cli.bench;

import io.seawall.benchmarks.append.AppendBenchmark;
import io.seawall.benchmarks.flush.FlushBenchmark;
import io.seawall.benchmarks.measure.BenchKafka;
import io.seawall.benchmarks.measure.Plan;
import io.seawall.benchmarks.open.OpenBenchmark;
import io.seawall.benchmarks.read.ReadBenchmark;
import io.seawall.benchmarks.takeover.TakeoverBenchmark;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.DurationConverter;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Running;
import io.seawall.cli.command.Stdio;
import io.seawall.kafkalocal.LocalKafkaException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures wal-kafka in this process against Kafka's bare clients; each subcommand is one benchmark. */
@Command(
        name = "bench",
        description = {
            "Measure logs against Kafka's own clients, on brokers that it starts or on an existing cluster.",
            "",
            "Takes some minutes; docs/performance.md describes what it measures and how."
        })
public final class BenchCommand {

    /** One benchmark: chooses the brokers, and writes the result. */
    abstract static class Run implements Callable<Integer> {
        private final Stdio stdio;
        private final Consumer<Thread> shutdownHooks;

        @Spec
        private CommandLine.Model.@Nullable CommandSpec spec;

        @Option(
                names = "--rf",
                paramLabel = "1|3",
                description = "Replicas, and brokers unless --kafka is given (default: ${DEFAULT-VALUE}).")
        private int replicas = 1;

        @Option(
                names = "--kafka",
                paramLabel = "HOST:PORT,...",
                description =
                        "Use this Kafka cluster instead of starting brokers; it creates and deletes topics bench-... there.")
        private @Nullable String kafka;

        @Option(names = "--json", description = "Write the result as one JSON object, in the last line.")
        private boolean json;

        Run(Stdio stdio, Consumer<Thread> shutdownHooks) {
            this.stdio = stdio;
            this.shutdownHooks = shutdownHooks;
        }

        /** Checks the options of the benchmark, before anything is started. */
        void check() {
            // Most have none that could be wrong.
        }

        /**
         * Measures.
         *
         * @param on the brokers
         * @param running closes what the benchmark starts, also if the process is asked to stop
         * @param progress receives progress lines
         * @return a record whose components become the fields of the JSON object
         */
        abstract Object measure(BenchKafka on, Running running, Consumer<String> progress);

        @Override
        public Integer call() {
            var result = measured();
            new BenchOutput(stdio, json).write(Json.MAPPER.valueToTree(result));
            return ExitCode.OK;
        }

        private Object measured() {
            if (replicas != 1 && replicas != 3) {
                throw wrongUsage("--rf is " + replicas + ", expected 1 or 3");
            }
            check();
            try (var running = new Running(stdio.err(), shutdownHooks)) {
                return measure(
                        running.add(brokers()), running, line -> stdio.err().println("seawall: " + line));
            } catch (LocalKafkaException failed) {
                throw new CommandFailed(String.valueOf(failed.getMessage()));
            }
        }

        private BenchKafka brokers() {
            if (kafka != null) {
                return BenchKafka.at(kafka, replicas);
            }
            stdio.err().println("seawall: starting " + (replicas == 1 ? "a broker" : replicas + " brokers") + " ...");
            return BenchKafka.start(replicas);
        }

        /** Returns whether an existing cluster is used. */
        boolean usesExistingKafka() {
            return kafka != null;
        }

        RuntimeException wrongUsage(String message) {
            return spec == null
                    ? new IllegalStateException("picocli sets the spec before it calls")
                    : new ParameterException(spec.commandLine(), message);
        }
    }

    /** Measures appends. */
    @Command(
            name = "append",
            description = "Appends of 1 KiB against a bare idempotent producer: throughput, then latency at 2,000/s.")
    public static final class Append extends Run {
        public Append(Stdio stdio, Consumer<Thread> shutdownHooks) {
            super(stdio, shutdownHooks);
        }

        @Override
        Object measure(BenchKafka on, Running running, Consumer<String> progress) {
            return new AppendBenchmark(on, Plan.full(), progress).run();
        }
    }

    /** Measures reads. */
    @Command(name = "read", description = "Live reads of a prepared log against a bare consumer: throughput.")
    public static final class Read extends Run {
        public Read(Stdio stdio, Consumer<Thread> shutdownHooks) {
            super(stdio, shutdownHooks);
        }

        @Override
        Object measure(BenchKafka on, Running running, Consumer<String> progress) {
            return new ReadBenchmark(on, Plan.full(), progress).run();
        }
    }

    /** Measures takeovers. */
    @Command(
            name = "takeover",
            description = "Time from fencing a dead owner with an open lease to the first acknowledged append.")
    public static final class Takeover extends Run {
        public Takeover(Stdio stdio, Consumer<Thread> shutdownHooks) {
            super(stdio, shutdownHooks);
        }

        @Override
        Object measure(BenchKafka on, Running running, Consumer<String> progress) {
            return new TakeoverBenchmark(on, Plan.full(), progress).run();
        }
    }

    /** Measures many open logs. */
    @Command(name = "open", description = "Open many logs in this process, and measure what they cost while idle.")
    public static final class Open extends Run {
        @Option(names = "--pchannels", paramLabel = "N", description = "How many (default: ${DEFAULT-VALUE}).")
        private int pchannels = 256;

        @Option(
                names = "--idle",
                paramLabel = "TIME",
                converter = DurationConverter.class,
                description = "How long to measure them idle (default: 60s).")
        private Duration idle = Duration.ofMinutes(1);

        public Open(Stdio stdio, Consumer<Thread> shutdownHooks) {
            super(stdio, shutdownHooks);
        }

        @Override
        Object measure(BenchKafka on, Running running, Consumer<String> progress) {
            return new OpenBenchmark(on, pchannels, idle, progress).run();
        }
    }

    /** Measures flushing, and reading back. */
    @Command(
            name = "flush",
            description = {
                "Append to a log while it is flushed into a local folder and trimmed, then read it completely, from segments"
                        + " and then Kafka, and compare."
            })
    public static final class Flush extends Run {
        @Option(names = "--records", paramLabel = "N", description = "How many (default: ${DEFAULT-VALUE}).")
        private int records = 2_000_000;

        public Flush(Stdio stdio, Consumer<Thread> shutdownHooks) {
            super(stdio, shutdownHooks);
        }

        @Override
        Object measure(BenchKafka on, Running running, Consumer<String> progress) {
            return new FlushBenchmark(on, records, progress).run();
        }
    }
}
