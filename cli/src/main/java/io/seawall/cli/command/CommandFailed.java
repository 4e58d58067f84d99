package io.seawall.cli.command;

/** Ends a command with exit code 1; its message becomes the one line on standard error. */
public class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CommandFailed(String message) {
        super(message);
    }

    public CommandFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
