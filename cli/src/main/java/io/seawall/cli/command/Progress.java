package io.seawall.cli.command;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One line on standard error that is rewritten once per second while records flow. Not thread-safe. */
public final class Progress {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double MEGABYTE = 1e6;

    private final PrintStream err;
    private final boolean shown;
    private final LongSupplier nanoTime;
    private final long started;
    private long lastShown;
    private boolean lineOpen;

    Progress(PrintStream err, boolean shown, LongSupplier nanoTime) {
        this.err = err;
        this.shown = shown;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
        this.lastShown = started;
    }

    /** Updates the totals. */
    public void at(long records, long bytes) {
        if (!shown) {
            return;
        }
        var now = nanoTime.getAsLong();
        if (now - lastShown < INTERVAL_NANOS) {
            return;
        }
        lastShown = now;
        var seconds = (now - started) / (double) TimeUnit.SECONDS.toNanos(1);
        err.printf(
                Locale.ROOT,
                "\r%,d records, %.1f MB, %.1f MB/s   ",
                records,
                bytes / MEGABYTE,
                bytes / MEGABYTE / seconds);
        err.flush();
        lineOpen = true;
    }

    /** Prints once what the command waits for. */
    public void waitingFor(String what) {
        if (shown) {
            err.println("waiting for " + what + " ...");
        }
    }

    /** Ends the line, so that the following output starts on a new one. */
    public void end() {
        if (lineOpen) {
            err.println();
            lineOpen = false;
        }
    }
}
