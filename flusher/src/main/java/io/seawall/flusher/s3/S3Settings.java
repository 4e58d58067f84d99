package io.seawall.flusher.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The bucket, its location and the timeouts. Holds no secrets: credentials come from the SDK's default chain (system
 * properties, environment, web identity, profile, container, instance).
 *
 * @param bucket the bucket's name
 * @param prefix the prefix of all object names, without a slash at either end; empty for none
 * @param connection where the store is
 * @param timeouts how long requests may take
 */
public record S3Settings(String bucket, String prefix, Connection connection, Timeouts timeouts) {
    /** Which checksums the SDK adds to requests and verifies in responses. */
    public enum Checksum {
        /** Whenever an operation allows one. */
        WHEN_SUPPORTED,
        /** Only when an operation requires one: some stores reject the others. */
        WHEN_REQUIRED
    }

    /**
     * Where the store is and how to address it.
     *
     * @param endpoint its URL; empty for AWS
     * @param region the region that requests are signed for
     * @param pathStyle whether the bucket is part of the path instead of the host name
     * @param checksum which checksums are used
     */
    public record Connection(Optional<URI> endpoint, String region, boolean pathStyle, Checksum checksum) {}

    /**
     * Time limits, all above 0.
     *
     * @param attempt of one attempt at a request, until the response begins
     * @param call of a call with all its attempts and the pauses between them
     */
    public record Timeouts(Duration attempt, Duration call) {
        /**
         * Checks both limits.
         *
         * @throws IllegalArgumentException if an attempt may take longer than the call, or either is not above 0
         */
        public Timeouts {
            if (attempt.isNegative() || attempt.isZero() || attempt.compareTo(call) > 0) {
                throw new IllegalArgumentException("an attempt of " + attempt + " within a call of " + call);
            }
        }
    }

    /** Returns the name of an object in the bucket. */
    String objectName(String path) {
        return prefix.isEmpty() ? path : prefix + "/" + path;
    }
}
