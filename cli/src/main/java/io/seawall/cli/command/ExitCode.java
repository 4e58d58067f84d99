package io.seawall.cli.command;

/** The exit codes of commands. */
public final class ExitCode {
    /** The command succeeded. */
    public static final int OK = 0;
    /** The command failed. */
    public static final int FAILED = 1;
    /** The command was called with wrong arguments. */
    public static final int USAGE = 2;
    /** The Kafka broker that {@code dev} had started ended by itself, and so {@code dev} ended too. */
    public static final int BROKER_ENDED = 3;

    private ExitCode() {}
}
