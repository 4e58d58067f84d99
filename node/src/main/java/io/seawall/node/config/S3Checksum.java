package io.seawall.node.config;

/** Which checksums requests to an S3-compatible store carry. */
public enum S3Checksum {
    /** Wherever an operation allows one. */
    WHEN_SUPPORTED,
    /** Only where an operation demands one. */
    WHEN_REQUIRED
}
