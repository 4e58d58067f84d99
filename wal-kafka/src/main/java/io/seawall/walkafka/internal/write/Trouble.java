package io.seawall.walkafka.internal.write;

import io.seawall.walkafka.internal.lease.InFlight.Entry;
import io.seawall.walkafka.port.LaneFault;
import java.time.Duration;
import java.util.List;

/**
 * Measures how long a log is in trouble, and decides when it has to end. Trouble begins at the first error of a lane and ends when an
 * append is acknowledged. A record of our own, such as a lease, ends it only if no append is to be sent again: an append that always
 * fails has a lease in front of it at each try, and that is acknowledged. Mailbox only.
 */
final class Trouble {
    private final long longestMs;
    private final RecoveryPacing pacing;
    private long sinceMs = -1; // -1 if all is well
    private long againFrom = -1; // the LSN of the first append that was to be sent again; -1 if there was none
    private boolean suspicious; // whether the broker refused one of those in flight and did not say which

    /**
     * No trouble.
     *
     * @param longest how long it may last
     */
    Trouble(Duration longest, RecoveryPacing pacing) {
        this.longestMs = longest.toMillis();
        this.pacing = pacing;
    }

    /**
     * What to do after an error of a lane.
     *
     * @param pause how long to wait before the log is taken back
     * @param left how long that may take, the pause included
     * @param last whether the appends in flight are not sent again after it
     */
    record Next(Duration pause, Duration left, boolean last) {}

    /**
     * A lane failed.
     *
     * @param blamed whether an append in flight is known to be the one that the broker never takes; it will not be sent again
     * @param openTimeout what a last look at the log may take
     */
    Next failed(LaneFault fault, boolean blamed, long nowMs, Duration openTimeout) {
        if (sinceMs < 0 || blamed || fault.kind() == LaneFault.Kind.TOO_LARGE) {
            sinceMs = nowMs;
        }
        var wasSuspicious = suspicious;
        suspicious = fault.kind() == LaneFault.Kind.REFUSED && !blamed;
        // The refused append is taken out, or the next try finds it.
        var healing = blamed || (suspicious && !wasSuspicious);
        var pause = healing ? Duration.ZERO : pacing.after(fault.kind(), nowMs);
        var leftMs = longestMs - (nowMs - sinceMs);
        if (againFrom >= 0 && leftMs <= pause.toMillis()) {
            // A rival still gets its time.
            var before = fault.kind() == LaneFault.Kind.FENCED ? pause : Duration.ZERO;
            return new Next(before, openTimeout.plus(before), true);
        }
        return new Next(pause, Duration.ofMillis(Math.max(1, leftMs)), false);
    }

    /** The log is back, up to a tail; whether appends that were in flight are to be sent again from there on. */
    void wentOn(long tail, boolean again) {
        againFrom = again ? tail : -1;
    }

    /** Whether the appends that are sent again have to go one at a time, so that the one that is refused is found. */
    boolean isSuspicious() {
        return suspicious;
    }

    /** Something is acknowledged. */
    void acknowledged(List<Entry> complete) {
        if (sinceMs >= 0 && complete.stream().anyMatch(this::isProgress)) {
            sinceMs = -1;
            againFrom = -1;
            suspicious = false;
        }
    }

    /** An answer was not sent; a record of our own in front of the append has its LSN as the next one. */
    private boolean isProgress(Entry entry) {
        return entry.reply() == null && entry.next() > againFrom;
    }
}
