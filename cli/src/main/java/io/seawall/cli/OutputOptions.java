package io.seawall.cli;

import java.time.Instant;
import picocli.CommandLine.Option;

/** The options of how a command writes its results and progress. */
final class OutputOptions {
    private final Stdio stdio;

    @Option(names = "--json", description = "Write JSON for programs: one object, or one per line.")
    private boolean json;

    @Option(names = "--progress", description = "Show progress even if standard error is not a terminal.")
    private boolean progress;

    OutputOptions(Stdio stdio) {
        this.stdio = stdio;
    }

    Stdio stdio() {
        return stdio;
    }

    boolean json() {
        return json;
    }

    Report report() {
        return new Report(stdio, json);
    }

    /** Creates the progress display; {@code quietly} if it would be mixed with the command's results. */
    Progress progress(boolean quietly) {
        return new Progress(stdio.err(), progress || (stdio.errTerminal() && !quietly), System::nanoTime);
    }

    /** Returns the time of this machine's clock, for the age of files. */
    Instant now() {
        return Instant.now();
    }
}
