package io.seawall.wal;

/** A view of a log: decides when a reader sees a record. */
public enum View {
    /** Shows a record as soon as it is acknowledged. */
    LIVE,
    /** Shows a record once its lease is committed, as the flusher and plain {@code read_committed} consumers see it. */
    COMMITTED
}
