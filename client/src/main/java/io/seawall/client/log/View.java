package io.seawall.client.log;

/** Which records a reader sees. */
public enum View {
    /** Each record as soon as it is acknowledged. */
    LIVE,
    /** Each record once its transaction in Kafka is committed, as flushers and plain consumers see it. */
    COMMITTED
}
