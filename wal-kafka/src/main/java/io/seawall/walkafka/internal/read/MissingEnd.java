package io.seawall.walkafka.internal.read;

import java.time.Duration;

/**
 * Measures how long a reader's next offset has been missing at the end of its log. A deposed leader that still answers has less
 * of the log than its successor. So an offset counts as lost only if it was missing for longer than such a leader answers. Used by
 * one thread at a time.
 */
final class MissingEnd {
    /** Longer than a broker that was cut off can believe to be the leader. */
    private static final Duration LONGEST_STALE = Duration.ofSeconds(30);

    private static final long NOTHING = -1;

    private long offset = NOTHING;
    private long sinceMs;

    /**
     * Notes that the log does not reach an offset.
     *
     * @return whether the offset is lost
     */
    boolean isLost(long missed, long nowMs) {
        if (offset == NOTHING) {
            sinceMs = nowMs;
        }
        offset = missed;
        return nowMs - sinceMs >= LONGEST_STALE.toMillis();
    }

    /** Returns whether an offset is missing. */
    boolean isMissing() {
        return offset != NOTHING;
    }

    /** Notes that the log reaches up to an offset. If that is the missing offset or more, it is no longer missing. */
    void seenUpTo(long end) {
        if (end >= offset) {
            offset = NOTHING;
        }
    }
}
