package io.seawall.cli;

/** Ends a command with exit code 1; its message becomes the one line on standard error. */
class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    CommandFailed(String message) {
        super(message);
    }

    CommandFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
