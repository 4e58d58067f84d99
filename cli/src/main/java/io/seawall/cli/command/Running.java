package io.seawall.cli.command;

import io.seawall.wal.FutureErrors;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The parts that a command has started. Closes them in reverse order, once: at the end of the command, or when the process
 * is asked to stop, whichever comes first. Guarded by its monitor, so that the second caller waits for the first.
 */
public final class Running implements AutoCloseable {
    private final PrintStream err;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private volatile boolean closing; // written by the first close, read by any thread

    /**
     * Creates an empty instance.
     *
     * @param err where failures to close are reported
     * @param shutdownHooks receives the thread that runs when the process is asked to stop
     */
    public Running(PrintStream err, Consumer<Thread> shutdownHooks) {
        this.err = err;
        shutdownHooks.accept(new Thread(this::close, "seawall-shutdown"));
    }

    public synchronized <T extends AutoCloseable> T add(T part) {
        started.push(part);
        return part;
    }

    /** Returns whether closing has begun, so that parts that end from now on end as intended. */
    public boolean isClosing() {
        return closing;
    }

    @Override
    public void close() {
        closing = true; // before waiting for another thread that closes
        closeAll();
    }

    private synchronized void closeAll() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                // Continue: the others still have to be closed.
                err.println("seawall: cannot stop cleanly: " + FutureErrors.text(e));
            }
        }
    }
}
