package io.seawall.walkafka.internal.serial;

import java.time.Duration;

/**
 * Pauses between repetitions: each is twice as long as the one before, up to a bound.
 *
 * @param first the first pause
 * @param longest the bound
 */
public record Backoff(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 30; // of at most 2^33 ms, which is 99 days

    /** Returns the pause that follows this many others. */
    public Duration after(int pauses) {
        var pause = Duration.ofMillis(first.toMillis() << Math.min(pauses, MOST_DOUBLINGS));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
