package io.seawall.it.segments;

import io.seawall.flusher.s3.S3SegmentStore;
import io.seawall.flusher.s3.S3Settings;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/** Opens buckets of a server with the timeouts of tests. */
final class S3Stores {
    private S3Stores() {}

    static S3SegmentStore open(URI endpoint, String bucket, String prefix) {
        return open(endpoint, bucket, prefix, new S3Settings.Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(60)));
    }

    static S3SegmentStore open(URI endpoint, String bucket, String prefix, S3Settings.Timeouts timeouts) {
        return S3SegmentStore.open(
                new S3Settings(bucket, prefix, connection(endpoint, S3Settings.Checksum.WHEN_SUPPORTED), timeouts),
                new SecureRandom());
    }

    static S3Settings.Connection connection(URI endpoint, S3Settings.Checksum checksum) {
        return new S3Settings.Connection(Optional.of(endpoint), "us-east-1", true, checksum);
    }
}
