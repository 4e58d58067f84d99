package io.seawall.cli;

/** The exit codes of commands. */
final class ExitCode {
    /** The command succeeded. */
    static final int OK = 0;
    /** The command failed. */
    static final int FAILED = 1;
    /** The command was called with wrong arguments. */
    static final int USAGE = 2;

    private ExitCode() {}
}
