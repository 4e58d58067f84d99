package io.seawall.node.tail;

import java.time.Duration;

/**
 * The limits of shared tails.
 *
 * @param logs how many logs have one at most; readers of further logs read by themselves
 * @param bytes how many bytes of records and encodings each keeps at most, but at least its newest batch
 * @param linger how long a tail without readers is kept for the next one
 */
public record TailLimits(int logs, long bytes, Duration linger) {
    /** How long a tail without readers is kept. */
    public static final Duration LINGER = Duration.ofSeconds(10);
}
