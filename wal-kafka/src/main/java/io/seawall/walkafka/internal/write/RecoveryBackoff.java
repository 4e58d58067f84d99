package io.seawall.walkafka.internal.write;

import io.seawall.walkafka.internal.serial.Backoff;
import io.seawall.walkafka.port.LaneFault;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Decides how long to wait before a log is taken back after an error of a lane (docs/protocol.md#recovery). After a plain error
 * there is no wait. After an error that may mean a rival there is a grace, so that a higher term can finish its opening. When
 * errors follow each other closely, each wait is longer than the one before; errors for a record that the broker never accepts do
 * not count. Used on the mailbox only.
 */
final class RecoveryBackoff {
    /** Errors that are at least this far apart do not make the wait longer. */
    private static final long APART_MS = 10_000;

    private static final long REPEATED_MS = 50;
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final long graceMs;
    private final RandomGenerator random;
    private long lastMs = -APART_MS - 1;
    private int streak;

    RecoveryBackoff(Duration grace, RandomGenerator random) {
        this.graceMs = grace.toMillis();
        this.random = random;
    }

    /** Counts an error and returns how long to wait. */
    Duration after(LaneFault.Kind kind, long nowMs) {
        if (kind == LaneFault.Kind.TOO_LARGE) {
            return Duration.ZERO; // the record is removed with its append, and other appends wait
        }
        streak = nowMs - lastMs < APART_MS ? streak + 1 : 0;
        lastMs = nowMs;
        var firstMs = kind == LaneFault.Kind.FENCED ? graceMs : streak == 0 ? 0 : REPEATED_MS;
        if (firstMs == 0) {
            return Duration.ZERO;
        }
        var wait = new Backoff(Duration.ofMillis(firstMs), LONGEST).after(streak);
        return wait.plusMillis(random.nextLong(1 + wait.toMillis() / 4));
    }

    /** Returns the number of errors in the current close series, without the first one. */
    int streak() {
        return streak;
    }
}
