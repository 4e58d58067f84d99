package io.seawall.walkafka;

import io.seawall.walkafka.port.Time;
import java.time.Duration;

/**
 * How long a takeover goes on: until it has not got any further for its timeout, so that one with much to read and to write again
 * has the time that its bytes need, and one that hangs is reported soon. Never longer than {@value #MOST_TIMEOUTS} timeouts in all.
 * May be used from any thread.
 */
final class TakeoverTime {
    static final int MOST_TIMEOUTS = 10;

    private final Time time;
    private final long timeoutMs;
    private final long latestEndMs;
    private volatile long endMs; // only rises; two that raise it at once differ by a moment

    /** Begins now. */
    TakeoverTime(Time time, Duration timeout) {
        this.time = time;
        this.timeoutMs = timeout.toMillis();
        var nowMs = time.elapsedMs();
        this.endMs = nowMs + timeoutMs;
        this.latestEndMs = nowMs + MOST_TIMEOUTS * timeoutMs;
    }

    /** It has read or written something. */
    void gotFurther() {
        endMs = Math.max(endMs, Math.min(latestEndMs, time.elapsedMs() + timeoutMs));
    }

    boolean isPast() {
        return leftMs() <= 0;
    }

    long leftMs() {
        return endMs - time.elapsedMs();
    }
}
