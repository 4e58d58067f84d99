package io.seawall.flusher;

import io.seawall.flusher.FlusherSettings.Backoff;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.Optional;

/**
 * The failures in a row of work that is retried after growing pauses.
 *
 * @param count how many attempts in a row have failed; 0 after a success
 * @param last the last failure; empty if there is none
 * @param pause how long to wait after the last failure
 * @param retryAtMs when the next attempt is due, in milliseconds of {@link FlushTools#elapsedMs}
 */
record Failures(int count, Optional<WalException> last, Duration pause, long retryAtMs) {
    static final Failures NONE = new Failures(0, Optional.empty(), Duration.ZERO, Long.MIN_VALUE);

    /** Adds a failure that happened now. */
    Failures with(WalException failure, Backoff pauses, long nowMs) {
        var next = pauses.after(count + 1);
        return new Failures(count + 1, Optional.of(failure), next, nowMs + next.toMillis());
    }

    boolean isEmpty() {
        return count == 0;
    }
}
