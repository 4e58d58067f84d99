package io.seawall.node.config;

/** What wrong topic settings lead to. */
public enum TopicVerify {
    /** The pchannel is not opened. */
    FAIL,
    /** A warning. */
    WARN
}
