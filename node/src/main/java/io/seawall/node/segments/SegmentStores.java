package io.seawall.node.segments;

import io.seawall.flusher.s3.S3SegmentStore;
import io.seawall.flusher.s3.S3Settings;
import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.config.SegmentsRoot;
import java.util.random.RandomGenerator;

/** Opens the segment store of a configuration. */
public final class SegmentStores {
    private SegmentStores() {}

    /**
     * Opens the store and checks that it can be used. Blocks. An S3-compatible store that does not answer is checked again
     * later.
     *
     * @throws io.seawall.wal.OperatorException if it cannot be used
     */
    public static SegmentStore open(NodeConfig config, RandomGenerator random) {
        var root = config.segmentsRoot();
        return switch (root.kind()) {
            case FOLDER -> LocalSegmentStore.open(((SegmentsRoot.Folder) root).path(), random);
            case BUCKET -> S3SegmentStore.open(s3((SegmentsRoot.Bucket) root, config), random);
        };
    }

    /**
     * Opens the store for reading only, without checking what publishing needs.
     *
     * @throws io.seawall.wal.RequestException with NOT_FOUND if a local store does not exist
     */
    static SegmentStore reading(NodeConfig config, RandomGenerator random) {
        var root = config.segmentsRoot();
        return switch (root.kind()) {
            case FOLDER -> LocalSegmentStore.reading(((SegmentsRoot.Folder) root).path());
            case BUCKET -> S3SegmentStore.reading(s3((SegmentsRoot.Bucket) root, config), random);
        };
    }

    private static S3Settings s3(SegmentsRoot.Bucket bucket, NodeConfig config) {
        return new S3Settings(
                bucket.name(),
                bucket.prefix(),
                new S3Settings.Connection(
                        config.s3Endpoint(),
                        config.s3Region(),
                        config.s3PathStyle(),
                        switch (config.s3Checksum()) {
                            case WHEN_SUPPORTED -> S3Settings.Checksum.WHEN_SUPPORTED;
                            case WHEN_REQUIRED -> S3Settings.Checksum.WHEN_REQUIRED;
                        }),
                new S3Settings.Timeouts(config.s3AttemptTimeout(), config.s3Timeout()));
    }
}
