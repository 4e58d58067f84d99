package io.seawall.walkafka.port;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Port: clocks and timers. */
public interface Time {
    /** Milliseconds since the epoch; may jump. For timestamps of records only. */
    long wallMs();

    /** Milliseconds since some moment; never jumps. For ages and deadlines. */
    long elapsedMs();

    /** Runs a short task after a delay, on a thread that must not be blocked. */
    void after(long delayMs, Runnable task);

    /** Completes after a delay. */
    default CompletableFuture<Void> pause(Duration delay) {
        var pause = new CompletableFuture<Void>();
        after(delay.toMillis(), () -> pause.complete(null));
        return pause;
    }

    /** A moment after which something is given up. */
    default Deadline deadline(Duration in) {
        var endMs = elapsedMs() + in.toMillis();
        return () -> elapsedMs() >= endMs;
    }

    /** A moment after which something is given up. */
    @FunctionalInterface
    interface Deadline {
        /** Whether the moment has come. */
        boolean isPast();
    }
}
