package io.seawall.node.peer;

import java.time.Duration;

/**
 * The times of the links between nodes.
 *
 * @param silence how long a stream may be silent; it is about three of the serving node's beats
 * @param connect how long an attempt to connect, or the head of an answer, may take
 * @param verdict how long the attempt to connect may take that decides whether a process is dead. It must be below the first
 *     time-out of a system's own, 1 s, because Java reports that one and a refusal with the same exception
 * @param firstPause the pause after the first failure; doubled with each further one in a row
 * @param mostPause the longest pause
 */
public record PeerTimes(Duration silence, Duration connect, Duration verdict, Duration firstPause, Duration mostPause) {
    /** How often a node writes to each stream that it serves. */
    public static final Duration BEAT = Duration.ofSeconds(2);

    /** The times of a node. */
    public static final PeerTimes DEFAULTS = new PeerTimes(
            BEAT.multipliedBy(3).plusMillis(500),
            Duration.ofSeconds(2),
            Duration.ofMillis(500),
            Duration.ofMillis(100),
            Duration.ofSeconds(10));

    /**
     * Returns the pause after failures in a row.
     *
     * @param failures how many there were, 1 or more
     * @param jitter from 0 to 1, so that nodes do not come all at once
     * @return milliseconds: between three and five quarters of the doubled pause
     */
    long pauseMs(int failures, double jitter) {
        var doubled = firstPause.toMillis() << Math.min(failures - 1, 20);
        return (long) (Math.min(doubled, mostPause.toMillis()) * (0.75 + jitter / 2));
    }
}
