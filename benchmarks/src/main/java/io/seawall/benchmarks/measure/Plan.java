package io.seawall.benchmarks.measure;

import java.time.Duration;

/**
 * How much to measure.
 *
 * @param rounds how many rounds of each side
 * @param round the duration of each round
 * @param warmUp how long each side runs before measurements
 * @param perSecond the rate of the open loop
 * @param preparedRecords how many records a log has before it is read, or a long one before it is taken over
 * @param takeovers how many of each case
 */
public record Plan(int rounds, Duration round, Duration warmUp, int perSecond, int preparedRecords, int takeovers) {
    /** Returns the plan with which the goals are measured: docs/performance.md#method. */
    public static Plan full() {
        return new Plan(5, Duration.ofSeconds(10), Duration.ofSeconds(8), 2_000, 512 * 1024, 100);
    }
}
