package io.seawall.wal;

/** Which records a reader sees. */
public enum View {
    /** A record as soon as it is acknowledged. */
    LIVE,
    /** A record once its lease is committed: what the flusher and plain {@code read_committed} consumers see. */
    COMMITTED
}
