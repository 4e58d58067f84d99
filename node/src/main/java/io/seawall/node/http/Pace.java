package io.seawall.node.http;

import java.time.Duration;

/**
 * How fast a client has to send a body and to take an answer. A pause is allowed, and a long one behind many bytes: what counts is
 * the whole.
 *
 * @param grace how long it may take however few bytes there are
 * @param bytesPerSecond the least rate beyond that
 */
record Pace(Duration grace, long bytesPerSecond) {
    /** How long so many bytes may take, in milliseconds. */
    long allowedMs(long bytes) {
        return grace.toMillis() + bytes * 1_000 / bytesPerSecond;
    }
}
