package io.seawall.coordinator.member;

/**
 * Whether this process holds the partition of the meta topic, and when it tries to coordinate. After an attempt that failed it
 * waits, for longer each time: two processes that both believe to hold the partition would otherwise fence each other without
 * end. Not thread-safe.
 */
final class Elections {
    private static final long LEAST_PAUSE_MS = 100;
    private static final long MOST_PAUSE_MS = 5_000;
    private static final long NEVER = Long.MAX_VALUE;

    private boolean holds;
    private long dueMs = NEVER;
    private long pauseMs = LEAST_PAUSE_MS;
    private long leadingSinceMs = NEVER;

    void onElected(long nowMs) {
        if (!holds) {
            holds = true;
            dueMs = nowMs;
        }
    }

    void onDeposed() {
        holds = false;
        dueMs = NEVER;
        leadingSinceMs = NEVER;
    }

    /** The process leads: all that earlier coordinators wrote was read. */
    void onLeading(long nowMs) {
        leadingSinceMs = nowMs;
    }

    /** An attempt, or the time as coordinator, has ended. */
    void onSteppedDown(long nowMs) {
        if (leadingSinceMs != NEVER && nowMs - leadingSinceMs > MOST_PAUSE_MS) {
            pauseMs = LEAST_PAUSE_MS;
        }
        leadingSinceMs = NEVER;
        if (holds) {
            dueMs = nowMs + pauseMs;
            pauseMs = Math.min(MOST_PAUSE_MS, 2 * pauseMs);
        }
    }

    /** Returns whether to begin an attempt now; it counts as begun then. */
    boolean begin(long nowMs) {
        if (nowMs < dueMs) {
            return false;
        }
        dueMs = NEVER;
        return true;
    }
}
