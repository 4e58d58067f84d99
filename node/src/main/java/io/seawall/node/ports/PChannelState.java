package io.seawall.node.ports;

/** The availability of a pchannel on a node. */
public enum PChannelState {
    /** Owned and open here: accepts appends. */
    AVAILABLE,
    /** Being opened here. */
    OPENING,
    /** Being closed here. */
    CLOSING,
    /** Not open here, either as expected or after a failure, which is then the cause. */
    UNAVAILABLE
}
