package io.seawall.lifetime;

import io.seawall.wal.ErrorCode;
import java.time.Duration;
import java.util.Map;

/**
 * Counters over all pchannels since the manager was created; each number only grows.
 *
 * @param moves how often a pchannel entered each step; {@link LifetimeStep#AVAILABLE} counts the openings that succeeded
 * @param stays how long pchannels stayed in each step, for stays that are over
 * @param refusals how often a call of open or remove failed with each code
 */
public record LifetimeCounts(
        Map<LifetimeStep, Long> moves, Map<LifetimeStep, Stays> stays, Map<ErrorCode, Long> refusals) {
    /**
     * The stays in one step.
     *
     * @param count the number of stays
     * @param total their total duration
     */
    public record Stays(long count, Duration total) {}
}
