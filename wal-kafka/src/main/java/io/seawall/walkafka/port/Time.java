package io.seawall.walkafka.port;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Port: clocks and timers. */
public interface Time {
    /** Returns milliseconds since the epoch; may jump. Only for timestamps of records. */
    long wallMs();

    /** Returns milliseconds since an arbitrary origin; never jumps. For ages and deadlines. */
    long elapsedMs();

    /** Runs a short task after a delay, on a thread that must not be blocked. */
    void after(long delayMs, Runnable task);

    /** Returns a future that completes after a delay. */
    default CompletableFuture<Void> pause(Duration delay) {
        var pause = new CompletableFuture<Void>();
        after(delay.toMillis(), () -> pause.complete(null));
        return pause;
    }

    /** Returns a deadline that is this far ahead. */
    default Deadline deadline(Duration in) {
        var endMs = elapsedMs() + in.toMillis();
        return () -> elapsedMs() >= endMs;
    }

    /** A point in time after which an operation is given up. */
    @FunctionalInterface
    interface Deadline {
        /** Returns whether the deadline has passed. */
        boolean isPast();
    }
}
