package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.Plan;
import java.time.Duration;
import java.util.Set;

/**
 * What to measure, and how much.
 *
 * @param parts which parts
 * @param plan rounds, their duration, the warm-up of each side, and the rate of the open loops
 * @param batchRecords how many records a batch over gRPC has
 * @param batchBytes the batches of the client and of the bare producer
 * @param linger how long these wait for more records
 * @param connections of HTTP
 * @param readers of the log that is read by many
 */
public record WirePlan(
        Set<WirePart> parts,
        Plan plan,
        int batchRecords,
        int batchBytes,
        Duration linger,
        int connections,
        int readers) {
    /** Takes a copy of the set. */
    public WirePlan {
        parts = Set.copyOf(parts);
    }
}
