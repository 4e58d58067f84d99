package io.seawall.node.config;

/** Who assigns terms. */
public enum Mode {
    /** This node, alone: it opens every pchannel under its prefix at the highest claimed term + 1. */
    SINGLE,
    /** An external coordinator, over HTTP. */
    MANUAL
}
