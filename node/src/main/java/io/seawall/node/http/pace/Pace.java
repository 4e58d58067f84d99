package io.seawall.node.http.pace;

import java.time.Duration;

/**
 * How fast a client must send a body and receive an answer. Pauses are allowed, and longer ones after many bytes, because
 * only the average counts.
 *
 * @param grace how long it may take regardless of the size
 * @param bytesPerSecond the lowest rate after that
 */
public record Pace(Duration grace, long bytesPerSecond) {
    /** Returns how long this number of bytes may take, in milliseconds. */
    long allowedMs(long bytes) {
        return grace.toMillis() + bytes * 1_000 / bytesPerSecond;
    }
}
