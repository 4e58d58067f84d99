package io.seawall.cli;

import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.NumberConverter;
import io.seawall.cli.command.PathConverter;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.command.Stdio.OutputFailed;
import io.seawall.cli.command.TimeConverter;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

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
    public static int run(Stdio stdio, String... args) {
        return commandLine(stdio, args).execute(args);
    }

    private static CommandLine commandLine(Stdio stdio, String... args) {
        return Commands.addTo(new CommandLine(new Seawall()), stdio, args)
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
        stdio.err().println("seawall: " + Usage.text(wrong));
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
