package io.seawall.node.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;

/** Defines the keys of segments in an S3-compatible store, and checks them against each other. */
final class S3Keys {
    private S3Keys() {}

    static ConfigDef addTo(ConfigDef keys) {
        ConfigKeys.text(
                keys,
                "s3.endpoint",
                "",
                new ConfigRules.Url("|https?://[^\\s/?#@]+", "no value, or a URL as in https://minio.example:9000"),
                "The URL of the S3-compatible store, as in `https://minio.example:9000`. Used if `segments.root` is "
                        + "`s3://...`, like all keys that begin with `s3.`. Empty: AWS. Credentials are not part of the "
                        + "configuration: the AWS SDK looks for them in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, a web "
                        + "identity, the profile `AWS_PROFILE`, and the role of the container and of the machine, in this "
                        + "order.");
        ConfigKeys.text(
                keys,
                "s3.region",
                "",
                new ConfigKeys.Matching("|[a-z0-9][a-z0-9-]{0,62}", "no value, or a region, as in us-east-1"),
                "The region that requests are signed for; required if `segments.root` is `s3://...`. Most stores "
                        + "other than AWS accept `us-east-1`.");
        keys.define(
                "s3.path.style",
                ConfigDef.Type.BOOLEAN,
                false,
                Importance.MEDIUM,
                "Whether the path of a request, not the host name, names the bucket. Required by stores without a DNS "
                        + "name for each bucket.");
        ConfigKeys.text(
                keys,
                "s3.checksum",
                "when_supported",
                ConfigKeys.oneOf("when_supported", "when_required"),
                "`when_supported`: a segment is put with its CRC-32C, which the store checks. `when_required`: "
                        + "without it, for stores that reject the header.");
        ConfigKeys.number(
                keys,
                "s3.attempt.timeout.ms",
                60_000,
                100,
                3_600_000,
                "How long one attempt at a request to the store may take, in milliseconds; a request is tried up to "
                        + "five times. At most `s3.timeout.ms`. Too low: a large segment never gets through a slow line. Too "
                        + "high: a request to a store that hangs is retried late.");
        ConfigKeys.number(
                keys,
                "s3.timeout.ms",
                180_000,
                100,
                86_400_000,
                "How long a request to the store may take with all attempts and the pauses between them, in "
                        + "milliseconds; then it fails, and flushing retries later. Too low: a short fault of the store becomes "
                        + "a reported failure. Too high: a failure is reported late, and a thread waits for that long.");
        return keys;
    }

    /**
     * Rejects values that contradict each other.
     *
     * @throws ConfigException naming the key
     */
    static void check(NodeConfig config) {
        if (config.segmentsRoot().kind() == SegmentsRoot.Kind.BUCKET
                && config.s3Region().isEmpty()) {
            throw new ConfigException("s3.region", "", "expected a region, because segments.root is an s3:// URL");
        }
        if (config.s3AttemptTimeout().compareTo(config.s3Timeout()) > 0) {
            throw new ConfigException(
                    "s3.attempt.timeout.ms",
                    config.s3AttemptTimeout().toMillis(),
                    "expected at most s3.timeout.ms, which is "
                            + config.s3Timeout().toMillis());
        }
    }
}
