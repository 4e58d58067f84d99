package io.seawall.cli;

import io.seawall.cli.append.AppendCommand;
import io.seawall.cli.bench.BenchCommand;
import io.seawall.cli.bench.WireCommand;
import io.seawall.cli.cluster.DrainCommand;
import io.seawall.cli.cluster.ExplainCommand;
import io.seawall.cli.cluster.ForgetCommand;
import io.seawall.cli.cluster.FreezeCommand;
import io.seawall.cli.cluster.NodesCommand;
import io.seawall.cli.cluster.PinCommand;
import io.seawall.cli.cluster.ResumeCommand;
import io.seawall.cli.cluster.ThawCommand;
import io.seawall.cli.cluster.UnpinCommand;
import io.seawall.cli.cluster.UnquarantineCommand;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.NumberConverter;
import io.seawall.cli.command.PathConverter;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.command.Stdio.OutputFailed;
import io.seawall.cli.command.TimeConverter;
import io.seawall.cli.dev.DevCommand;
import io.seawall.cli.dev.NodeCommand;
import io.seawall.cli.logs.AssignCommand;
import io.seawall.cli.logs.FlushCommand;
import io.seawall.cli.logs.StatusCommand;
import io.seawall.cli.logs.TopicsCommand;
import io.seawall.cli.logs.TrimCommand;
import io.seawall.cli.read.ReadCommand;
import io.seawall.cli.segments.SegmentsCat;
import io.seawall.cli.segments.SegmentsCommand;
import io.seawall.cli.segments.SegmentsExport;
import io.seawall.cli.segments.SegmentsGc;
import io.seawall.cli.segments.SegmentsLs;
import io.seawall.cli.segments.SegmentsRestore;
import io.seawall.cli.segments.SegmentsVerify;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line {@code seawall}. Exit codes: 0 success, 1 failure, 2 wrong usage. */
@Command(
        name = "seawall",
        description = "Term-fenced write-ahead logs on Apache Kafka.",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = Seawall.Version.class,
        synopsisSubcommandLabel = "<command>")
public final class Seawall {
    private static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";
    private static final String KEEP_ALIVE_SECONDS = "10";

    private static final Consumer<Thread> SHUTDOWN_HOOKS = Runtime.getRuntime()::addShutdownHook;

    private Seawall() {}

    /**
     * Runs one command and ends the process.
     *
     * @param args the command and its arguments
     */
    public static void main(String[] args) {
        // Shorter than the idle timeouts of servers: an append must not
        // start on a connection that the server is about to close.
        if (System.getProperty(KEEP_ALIVE) == null) {
            System.setProperty(KEEP_ALIVE, KEEP_ALIVE_SECONDS);
        }
        System.exit(run(Stdio.system(), args));
    }

    /** Runs one command with these streams and returns its exit code. */
    static int run(Stdio stdio, String... args) {
        return commandLine(stdio).execute(args);
    }

    private static CommandLine commandLine(Stdio stdio) {
        var segments = new CommandLine(new SegmentsCommand())
                .addSubcommand(new SegmentsLs(stdio))
                .addSubcommand(new SegmentsCat(stdio))
                .addSubcommand(new SegmentsVerify(stdio))
                .addSubcommand(new SegmentsGc(stdio))
                .addSubcommand(new SegmentsExport(stdio))
                .addSubcommand(new SegmentsRestore(stdio));
        var topics = new CommandLine(new TopicsCommand())
                .addSubcommand(new TopicsCommand.ListAll(stdio))
                .addSubcommand(new TopicsCommand.Create(stdio))
                .addSubcommand(new TopicsCommand.Delete(stdio))
                .addSubcommand(new TopicsCommand.Describe(stdio));
        var bench = new CommandLine(new BenchCommand())
                .addSubcommand(new BenchCommand.Append(stdio, SHUTDOWN_HOOKS))
                .addSubcommand(new BenchCommand.Read(stdio, SHUTDOWN_HOOKS))
                .addSubcommand(new BenchCommand.Takeover(stdio, SHUTDOWN_HOOKS))
                .addSubcommand(new BenchCommand.Open(stdio, SHUTDOWN_HOOKS))
                .addSubcommand(new BenchCommand.Flush(stdio, SHUTDOWN_HOOKS))
                .addSubcommand(new WireCommand(stdio, SHUTDOWN_HOOKS, Seawall.class));
        return new CommandLine(new Seawall())
                .addSubcommand(new DevCommand(stdio, new LocalNodes(), new ChildBroker(), StopSignals::add))
                .addSubcommand(new NodeCommand(stdio, new LocalNodes(), StopSignals::add))
                .addSubcommand(new AppendCommand(stdio))
                .addSubcommand(new ReadCommand(stdio))
                .addSubcommand(new StatusCommand(stdio))
                .addSubcommand(topics)
                .addSubcommand(new NodesCommand(stdio))
                .addSubcommand(new ExplainCommand(stdio))
                .addSubcommand(new DrainCommand(stdio))
                .addSubcommand(new ResumeCommand(stdio))
                .addSubcommand(new PinCommand(stdio))
                .addSubcommand(new UnpinCommand(stdio))
                .addSubcommand(new FreezeCommand(stdio))
                .addSubcommand(new ThawCommand(stdio))
                .addSubcommand(new UnquarantineCommand(stdio))
                .addSubcommand(new ForgetCommand(stdio))
                .addSubcommand(new AssignCommand(stdio))
                .addSubcommand(new FlushCommand(stdio))
                .addSubcommand(new TrimCommand(stdio))
                .addSubcommand(segments)
                .addSubcommand(bench)
                .addSubcommand(new HelpCommand())
                // Converters come after the subcommands, because they apply to those registered before.
                .registerConverter(Path.class, new PathConverter())
                .registerConverter(OffsetDateTime.class, new TimeConverter())
                .registerConverter(int.class, new NumberConverter<>(Integer::valueOf))
                .registerConverter(Integer.class, new NumberConverter<>(Integer::valueOf))
                .registerConverter(long.class, new NumberConverter<>(Long::valueOf))
                .registerConverter(Long.class, new NumberConverter<>(Long::valueOf))
                .setExpandAtFiles(false) // a VALUE may start with @
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(stdio.textOut())
                .setErr(stdio.textErr())
                .setParameterExceptionHandler((wrong, ignored) -> usage(stdio, wrong))
                .setExecutionExceptionHandler((failure, ignored, parsed) -> failed(stdio, failure));
    }

    private static int usage(Stdio stdio, ParameterException wrong) {
        var command = wrong.getCommandLine();
        stdio.err().println("seawall: " + wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
        stdio.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    private static int failed(Stdio stdio, Exception failure) {
        if (failure instanceof OutputFailed output) {
            return outputFailed(stdio, output);
        }
        if (failure instanceof CommandFailed) {
            stdio.err().println("seawall: " + failure.getMessage());
        } else if (failure instanceof WalException problem) {
            stdio.err().println("seawall: " + problem.code() + ": " + problem.getMessage());
        } else if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            // Disks, pipes and networks fail without a bug of ours.
            var cause = failure.getCause() == null ? failure : failure.getCause();
            stdio.err().println("seawall: input or output failed: " + FutureErrors.text(cause));
        } else {
            stdio.err().println("seawall: INTERNAL: this is a bug:");
            failure.printStackTrace(stdio.err());
        }
        return ExitCode.FAILED;
    }

    /** Reports that standard output cannot be written. A reader that has ended, as in {@code read | head}, is no failure. */
    private static int outputFailed(Stdio stdio, OutputFailed output) {
        if (output.readerIsGone()) {
            return ExitCode.OK;
        }
        stdio.err().println("seawall: cannot write standard output: " + output.getMessage());
        return ExitCode.FAILED;
    }

    /** Returns the text for {@code --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Seawall.class.getPackage().getImplementationVersion();
            return new String[] {"seawall " + (version == null ? "(not packaged)" : version)};
        }
    }
}
