package io.seawall.lifetime;

import io.seawall.wal.ErrorCode;
import java.time.Duration;
import java.util.Map;

/**
 * What happened since the manager was made, over all pchannels; each number only grows.
 *
 * @param moves how often a pchannel entered each step; {@link LifetimeStep#AVAILABLE} counts the openings that succeeded
 * @param stays how long pchannels stayed in each step, of the stays that are over
 * @param refusals how often a caller of open or remove was told each code
 */
public record LifetimeCounts(
        Map<LifetimeStep, Long> moves, Map<LifetimeStep, Stays> stays, Map<ErrorCode, Long> refusals) {
    /**
     * Stays in one step.
     *
     * @param count how many
     * @param total how long, together
     */
    public record Stays(long count, Duration total) {}
}
