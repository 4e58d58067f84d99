package io.seawall.node.config;

/** How segments are compressed: {@code flush.codec}. */
public enum FlushCodec {
    /** Small and fast. */
    ZSTANDARD,
    /** What every Avro library reads. */
    DEFLATE
}
