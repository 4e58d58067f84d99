package io.seawall.cli.command;

import java.time.Instant;
import picocli.CommandLine.Option;

/** The options of how a command writes its results and progress. */
public final class OutputOptions {
    private final Stdio stdio;

    @Option(names = "--json", description = "Write JSON for programs: one object, or one per line.")
    private boolean json;

    @Option(names = "--progress", description = "Show progress even if standard error is not a terminal.")
    private boolean progress;

    public OutputOptions(Stdio stdio) {
        this.stdio = stdio;
    }

    public Stdio stdio() {
        return stdio;
    }

    public boolean json() {
        return json;
    }

    public Report report() {
        return new Report(stdio, json);
    }

    /** Creates the progress display; {@code quietly} if it would be mixed with the command's results. */
    public Progress progress(boolean quietly) {
        return new Progress(stdio.err(), progress || (stdio.errTerminal() && !quietly), System::nanoTime);
    }

    /** Returns the time of this machine's clock, from which ages are counted. */
    public Instant now() {
        return Instant.now();
    }
}
