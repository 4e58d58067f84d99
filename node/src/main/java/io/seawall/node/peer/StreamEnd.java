package io.seawall.node.peer;

/** How an attempt to follow a peer's stream ended. Only what was seen on the socket, no judgement. */
enum StreamEnd {
    /** The stream ended as HTTP says: with its last chunk. A node that stops ends its streams so. */
    PROPER,
    /** The connection ended, or was reset, in the middle of the answer. */
    CUT,
    /** The connection ended, or was reset, before the first byte of the answer. */
    CUT_BEFORE_ANSWER,
    /** The system of the address refused the connection: no process listens there. */
    REFUSED,
    /** Anything else: a time-out, silence, no route, an unknown name, another answer than a stream. */
    OTHER
}
