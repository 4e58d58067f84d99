package io.seawall.cli;

/** How a command ends, for the shell that ran it. */
final class ExitCode {
    /** Done. */
    static final int OK = 0;
    /** Tried and failed. */
    static final int FAILED = 1;
    /** Called in a way that it does not understand. */
    static final int USAGE = 2;

    private ExitCode() {}
}
