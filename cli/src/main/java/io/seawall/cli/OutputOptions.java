package io.seawall.cli;

import java.time.Instant;
import picocli.CommandLine.Option;

/** How a command says what it found, and how far it is. */
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

    /** Counts shown while the command runs; {@code quietly} if it would be written into its own results. */
    Progress progress(boolean quietly) {
        return new Progress(stdio.err(), progress || (stdio.errTerminal() && !quietly), System::nanoTime);
    }

    /** The time by this machine's clock, to tell how old a file is. */
    Instant now() {
        return Instant.now();
    }
}
