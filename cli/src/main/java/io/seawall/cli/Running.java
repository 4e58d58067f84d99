package io.seawall.cli;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What a command has started. Closes it in reverse order, once: at the end of the command, or when the process is told to
 * stop, whichever comes first. Guarded by its monitor, so that whoever comes second waits for the first.
 */
final class Running implements AutoCloseable {
    private final PrintStream err;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private volatile boolean closing; // written by the first close, read by anyone

    /**
     * Nothing yet.
     *
     * @param err where a failure to close is told
     * @param shutdownHooks takes the thread that is to run when the process is told to stop
     */
    Running(PrintStream err, Consumer<Thread> shutdownHooks) {
        this.err = err;
        shutdownHooks.accept(new Thread(this::close, "seawall-shutdown"));
    }

    synchronized <T extends AutoCloseable> T add(T part) {
        started.push(part);
        return part;
    }

    /** Whether it was told to close, so that what ends from now on is meant to. */
    boolean isClosing() {
        return closing;
    }

    @Override
    public void close() {
        closing = true; // before the wait for another one that closes
        closeAll();
    }

    private synchronized void closeAll() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                // The others still have to be closed.
                err.println("seawall: cannot stop cleanly: " + e);
            }
        }
    }
}
