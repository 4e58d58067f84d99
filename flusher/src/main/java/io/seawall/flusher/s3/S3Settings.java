package io.seawall.flusher.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Which bucket, where, and how patiently. Holds no secrets: credentials come from the SDK's default chain (system properties,
 * environment, web identity, profile, container, instance).
 *
 * @param bucket the bucket's name
 * @param prefix what the names of all objects begin with, without a slash at either end; empty for none
 * @param connection where the store is
 * @param timeouts how long it may take
 */
public record S3Settings(String bucket, String prefix, Connection connection, Timeouts timeouts) {
    /** Which checksums the SDK adds to requests and checks on answers. */
    public enum Checksum {
        /** Wherever an operation allows one. */
        WHEN_SUPPORTED,
        /** Only where an operation demands one: some stores refuse the others. */
        WHEN_REQUIRED
    }

    /**
     * Where the store is and how it wants to be spoken to.
     *
     * @param endpoint its URL; empty for AWS
     * @param region the region that requests are signed for
     * @param pathStyle whether the bucket stands in the path instead of the host's name
     * @param checksum which checksums are used
     */
    public record Connection(Optional<URI> endpoint, String region, boolean pathStyle, Checksum checksum) {}

    /**
     * Bounds, all above 0.
     *
     * @param attempt of one attempt at a request, until the answer begins
     * @param call of a call with all its attempts and the pauses between them
     */
    public record Timeouts(Duration attempt, Duration call) {
        /**
         * Checks them.
         *
         * @throws IllegalArgumentException if an attempt may take longer than the call, or either is not above 0
         */
        public Timeouts {
            if (attempt.isNegative() || attempt.isZero() || attempt.compareTo(call) > 0) {
                throw new IllegalArgumentException("attempt " + attempt + " of a call of " + call);
            }
        }
    }

    /** The name of an object in the bucket. */
    String objectName(String path) {
        return prefix.isEmpty() ? path : prefix + "/" + path;
    }
}
