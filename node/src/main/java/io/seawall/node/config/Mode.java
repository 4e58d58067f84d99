package io.seawall.node.config;

/** Who gives out terms. */
public enum Mode {
    /** The cluster's coordinator, which is one of its nodes. */
    CLUSTER,
    /** An external coordinator, over HTTP. */
    MANUAL
}
