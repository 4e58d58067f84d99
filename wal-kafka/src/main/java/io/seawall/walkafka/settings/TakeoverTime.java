package io.seawall.walkafka.settings;

import io.seawall.walkafka.port.Time;
import java.time.Duration;

/**
 * Limits the time of a takeover. It ends when the takeover has made no progress for one timeout, or after
 * {@value #MOST_TIMEOUTS} timeouts in all. So a takeover with many records gets the time that it needs, and one that hangs ends
 * soon. Thread-safe.
 */
public final class TakeoverTime {
    public static final int MOST_TIMEOUTS = 10;

    private final Time time;
    private final long timeoutMs;
    private final long latestEndMs;
    private volatile long endMs; // only rises; if two threads raise it at once, either value may stay

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
