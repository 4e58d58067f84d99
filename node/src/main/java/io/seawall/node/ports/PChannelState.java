package io.seawall.node.ports;

/** What a node knows about a pchannel's availability. */
public enum PChannelState {
    /** Owned and open here: appends are taken. */
    AVAILABLE,
    /** Being opened here. */
    OPENING,
    /** Being closed here. */
    CLOSING,
    /** Not open here, by expectation or after a failure, which is then the cause. */
    UNAVAILABLE
}
