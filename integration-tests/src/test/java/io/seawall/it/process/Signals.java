package io.seawall.it.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Sends signals to processes. */
public final class Signals {
    private Signals() {}

    /** Stops a process until {@link #resume}. */
    public static void pause(Process process) {
        send(process, "STOP");
    }

    /** Continues a process after {@link #pause}. */
    public static void resume(Process process) {
        send(process, "CONT");
    }

    private static void send(Process process, String name) {
        try {
            var kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " failed");
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
