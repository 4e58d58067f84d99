package io.seawall.lifetime;

import io.seawall.wal.ErrorCode;
import java.util.Map;

/**
 * What happened since the manager was made, over all pchannels; each number only grows.
 *
 * @param moves how often a pchannel entered each step; {@link LifetimeStep#AVAILABLE} counts the openings that succeeded
 * @param refusals how often a caller of open or remove was told each code
 */
public record LifetimeCounts(Map<LifetimeStep, Long> moves, Map<ErrorCode, Long> refusals) {}
