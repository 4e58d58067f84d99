package io.seawall.cli;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long to try again while nothing succeeds. Any thread may call. */
final class Patience {
    private final long longestNanos;
    private final LongSupplier nanoTime;
    private volatile long renewedNanos; // written by whoever succeeds, read by whoever fails

    Patience(Duration longest, LongSupplier nanoTime) {
        this.longestNanos = longest.toNanos();
        this.nanoTime = nanoTime;
        this.renewedNanos = nanoTime.getAsLong();
    }

    /** Something succeeded: begins anew. */
    void renew() {
        renewedNanos = nanoTime.getAsLong();
    }

    boolean isOver() {
        return nanoTime.getAsLong() - renewedNanos >= longestNanos;
    }
}
