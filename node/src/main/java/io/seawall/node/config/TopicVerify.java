package io.seawall.node.config;

/** What happens if topic settings are wrong. */
public enum TopicVerify {
    /** Does not open the pchannel. */
    FAIL,
    /** Logs a warning. */
    WARN
}
