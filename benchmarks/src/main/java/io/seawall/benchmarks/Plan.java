package io.seawall.benchmarks;

import java.time.Duration;

/**
 * How much to measure.
 *
 * @param rounds how many of each side
 * @param round how long each is
 * @param warmUp how long each side runs unmeasured before
 * @param perSecond the rate of the open loop
 * @param preparedRecords how many records a log has before it is read, or a long one before it is taken over
 * @param takeovers how many of each case
 */
public record Plan(int rounds, Duration round, Duration warmUp, int perSecond, int preparedRecords, int takeovers) {
    /** What the goals are measured with: docs/performance.md#method. */
    public static Plan full() {
        return new Plan(5, Duration.ofSeconds(10), Duration.ofSeconds(8), 2_000, 512 * 1024, 100);
    }
}
