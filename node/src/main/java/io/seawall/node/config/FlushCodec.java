package io.seawall.node.config;

/** The compression of segments: {@code flush.codec}. */
public enum FlushCodec {
    /** Small and fast. */
    ZSTANDARD,
    /** Readable by every Avro library. */
    DEFLATE
}
