package io.seawall.cli.client;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Limits how long to retry while nothing succeeds. Thread-safe. */
public final class RetryDeadline {
    private final long longestNanos;
    private final LongSupplier nanoTime;
    private volatile long renewedNanos; // written after a success, read after a failure

    RetryDeadline(Duration longest, LongSupplier nanoTime) {
        this.longestNanos = longest.toNanos();
        this.nanoTime = nanoTime;
        this.renewedNanos = nanoTime.getAsLong();
    }

    /** Starts the time again after a success. */
    public void renew() {
        renewedNanos = nanoTime.getAsLong();
    }

    public boolean isOver() {
        return nanoTime.getAsLong() - renewedNanos >= longestNanos;
    }
}
