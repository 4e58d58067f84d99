package io.seawall.node.ports;

import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Which node has a log open, by what this node knows about the cluster. Thread-safe; no method blocks. */
public interface Owners {
    /** Returns what is known now. */
    Owner owner(PChannel pchannel);

    /**
     * Waits until a log has an owner that is available, or it is certain that it gets none.
     *
     * @param pchannel the log
     * @param limit how long to wait at most
     * @return completes at once if that is the case already; after {@code limit} with what is known then; never fails. Its
     *     continuations must not block
     */
    CompletableFuture<Owner> await(PChannel pchannel, Duration limit);

    /** What is known about the owner of a log. */
    enum Kind {
        /** This node has the log open. */
        HERE,
        /** Another node has the log open. */
        ELSEWHERE,
        /** A node is closing the log to hand it over, or opening it. */
        MOVING,
        /** No node has the log, but one will: its owner is gone, or it is new. */
        UNSETTLED,
        /** The log stays closed until a person mends it. */
        CLOSED,
        /** Another node has the log open or is about to, and announces an address that does not lead to it. */
        UNREACHABLE,
        /** The cluster has no such log, or does not know it yet. */
        UNKNOWN
    }

    /**
     * The owner of a log.
     *
     * @param kind what is known
     * @param url where another node serves that has the log open or is about to, without a slash at its end; empty if there is
     *     none
     * @param why what was found, as a phrase that fits after "found"
     * @param node that node's id; empty if there is none
     * @param grpc where that node serves gRPC, as host:port; empty if it does not, or there is none
     */
    record Owner(Kind kind, String url, String why, String node, String grpc) {
        /** Creates an owner whose id and gRPC address are not known. */
        public Owner(Kind kind, String url, String why) {
            this(kind, url, why, "", "");
        }

        /** Returns whether waiting changes nothing. */
        public boolean isSettled() {
            return kind == Kind.HERE || kind == Kind.ELSEWHERE || kind == Kind.CLOSED || kind == Kind.UNREACHABLE;
        }
    }
}
