package io.seawall.walkafka.settings;

import io.seawall.walkafka.port.Time;
import java.time.Duration;

/**
 * The time that a takeover has: until it makes no progress for its timeout. So a takeover with many records to read and write has
 * the time that it needs, and one that hangs ends soon. At most {@value #MOST_TIMEOUTS} timeouts in all. Thread-safe.
 */
public final class TakeoverTime {
    public static final int MOST_TIMEOUTS = 10;

    private final Time time;
    private final long timeoutMs;
    private final long latestEndMs;
    private volatile long endMs; // only rises; of two threads that raise it at once either may win

    /** Starts the time now. */
    public TakeoverTime(Time time, Duration timeout) {
        this.time = time;
        this.timeoutMs = timeout.toMillis();
        var nowMs = time.elapsedMs();
        this.endMs = nowMs + timeoutMs;
        this.latestEndMs = nowMs + MOST_TIMEOUTS * timeoutMs;
    }

    /** Notes progress: the takeover has read or written records. */
    public void gotFurther() {
        endMs = Math.max(endMs, Math.min(latestEndMs, time.elapsedMs() + timeoutMs));
    }

    public boolean isPast() {
        return leftMs() <= 0;
    }

    public long leftMs() {
        return endMs - time.elapsedMs();
    }
}
