package io.seawall.walkafka.internal.write;

import io.seawall.walkafka.internal.lease.InFlight.Entry;
import io.seawall.walkafka.port.LaneFault;
import java.time.Duration;
import java.util.List;

/**
 * Decides, after each error of a lane, when the log is taken back and whether its appends are sent once more
 * (docs/protocol.md#recovery). A log has a limited time for its recoveries. The time starts at the first error and is reset when an
 * append is acknowledged. A control record, such as a lease, resets it only if no append is to be sent again: each try sends a lease
 * in front of an append that always fails, and that lease is acknowledged. Used on the mailbox only.
 */
final class RecoveryPolicy {
    private final long longestMs;
    private final RecoveryBackoff backoff;
    private long sinceMs = -1; // when the first error came; -1 if the log works
    private long againFrom = -1; // the LSN of the first append that is sent again; -1 if there is none
    private boolean suspicious; // whether the broker refused an append in flight without naming it

    /**
     * Creates the policy of a log that works.
     *
     * @param longest the time for recoveries
     */
    RecoveryPolicy(Duration longest, RecoveryBackoff backoff) {
        this.longestMs = longest.toMillis();
        this.backoff = backoff;
    }

    /**
     * The next recovery.
     *
     * @param pause how long to wait before the log is taken back
     * @param left how long that may take, the pause included
     * @param last whether the log ends after it, instead of sending its appends once more
     */
    record Next(Duration pause, Duration left, boolean last) {}

    /**
     * Decides what follows after an error of a lane.
     *
     * @param blamed whether the append that the broker never accepts is known; it is not sent again
     * @param openTimeout how long the last recovery may take
     */
    Next failed(LaneFault fault, boolean blamed, long nowMs, Duration openTimeout) {
        if (sinceMs < 0 || blamed || fault.kind() == LaneFault.Kind.TOO_LARGE) {
            sinceMs = nowMs;
        }
        var wasSuspicious = suspicious;
        suspicious = fault.kind() == LaneFault.Kind.REFUSED && !blamed;
        // The refused append is removed now, or the next try finds it.
        var healing = blamed || (suspicious && !wasSuspicious);
        var pause = healing ? Duration.ZERO : backoff.after(fault.kind(), nowMs);
        var leftMs = longestMs - (nowMs - sinceMs);
        if (againFrom >= 0 && leftMs <= pause.toMillis()) {
            // A rival still gets its grace.
            var before = fault.kind() == LaneFault.Kind.FENCED ? pause : Duration.ZERO;
            return new Next(before, openTimeout.plus(before), true);
        }
        return new Next(pause, Duration.ofMillis(Math.max(1, leftMs)), false);
    }

    /**
     * Notes that the log was taken back.
     *
     * @param tail its next LSN
     * @param again whether appends that were in flight are sent again, from there on
     */
    void takenBack(long tail, boolean again) {
        againFrom = again ? tail : -1;
    }

    /** Returns the number of errors in the current close series, without the first one. */
    int streak() {
        return backoff.streak();
    }

    /** Returns whether appends must be sent again one at a time, so that the refused one is found. */
    boolean isSuspicious() {
        return suspicious;
    }

    /** Resets the time if these acknowledgements are progress. */
    void acknowledged(List<Entry> complete) {
        if (sinceMs >= 0 && complete.stream().anyMatch(this::isProgress)) {
            sinceMs = -1;
            againFrom = -1;
            suspicious = false;
        }
    }

    /** An answer was not sent. A control record in front of an append has the append's LSN as its next one. */
    private boolean isProgress(Entry entry) {
        return entry.reply() == null && entry.next() > againFrom;
    }
}
