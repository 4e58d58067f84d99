package io.seawall.node.config;

/** Who gives out the terms. */
public enum Mode {
    /** This node, alone: it opens every pchannel under its prefix at the highest claimed term + 1. */
    SINGLE,
    /** Somebody outside, over HTTP. */
    MANUAL
}
