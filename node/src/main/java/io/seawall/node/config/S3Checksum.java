package io.seawall.node.config;

/** The checksums that requests to an S3-compatible store carry. */
public enum S3Checksum {
    /** Wherever an operation supports one. */
    WHEN_SUPPORTED,
    /** Only where an operation requires one. */
    WHEN_REQUIRED
}
