package io.seawall.walkafka;

import java.time.Duration;

/**
 * How long a reader's place has been missing at the end of its log. A deposed leader that still answers has less of the log than
 * its successor: only what every look missed, for longer than such a leader lasts, is lost. One thread at a time.
 */
final class MissingEnd {
    /** Longer than a broker that was cut off can take itself for the leader. */
    private static final Duration LONGEST_STALE = Duration.ofSeconds(30);

    private static final long NOTHING = -1;

    private long offset = NOTHING;
    private long sinceMs;

    /**
     * Notes a look that missed an offset.
     *
     * @return whether it is lost
     */
    boolean isLost(long missed, long nowMs) {
        if (offset == NOTHING) {
            sinceMs = nowMs;
        }
        offset = missed;
        return nowMs - sinceMs >= LONGEST_STALE.toMillis();
    }

    /** Whether the last look missed something. */
    boolean isMissing() {
        return offset != NOTHING;
    }

    /** The log was seen to reach up to an offset: if that is far enough, the next look that misses something is the first one. */
    void seenUpTo(long end) {
        if (end >= offset) {
            offset = NOTHING;
        }
    }
}
