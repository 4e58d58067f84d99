package io.seawall.node.config;

/** When an append is acknowledged. */
public enum WalAck {
    /** Once it is on every in-sync replica. */
    REPLICATED,
    /** Once its transaction is committed too. */
    COMMITTED
}
