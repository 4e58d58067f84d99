package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneFault;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a log is taken back after an error of a lane (docs/protocol.md#recovery): not at all after a plain
 * error; a grace after one that may mean a rival, so that a higher term finishes its opening instead of duelling; and longer each
 * time when errors follow each other closely, unless it was a record that the broker never takes. Mailbox only.
 */
final class RecoveryPacing {
    /** Errors that are further apart have nothing to do with each other. */
    private static final long APART_MS = 10_000;

    private static final long REPEATED_MS = 50;
    private static final long LONGEST_MS = 5_000;
    private static final int LONGEST_SHIFT = 6;

    private final long graceMs;
    private final RandomGenerator random;
    private long lastMs = -APART_MS - 1;
    private int streak;

    RecoveryPacing(Duration grace, RandomGenerator random) {
        this.graceMs = grace.toMillis();
        this.random = random;
    }

    /** Counts an error that came at a time, and says how long to wait. */
    Duration after(LaneFault.Kind kind, long nowMs) {
        if (kind == LaneFault.Kind.TOO_LARGE) {
            return Duration.ZERO; // its cause is gone with it, and others wait behind it
        }
        streak = nowMs - lastMs < APART_MS ? streak + 1 : 0;
        lastMs = nowMs;
        var firstMs = kind == LaneFault.Kind.FENCED ? graceMs : streak == 0 ? 0 : REPEATED_MS;
        if (firstMs == 0) {
            return Duration.ZERO;
        }
        var waitMs = Math.min(LONGEST_MS, firstMs << Math.min(streak, LONGEST_SHIFT));
        return Duration.ofMillis(waitMs + random.nextLong(1 + waitMs / 4));
    }

    /** How many errors came closely one after the other, the last one not counted. */
    int streak() {
        return streak;
    }
}
