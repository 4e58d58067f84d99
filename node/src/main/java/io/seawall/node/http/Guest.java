package io.seawall.node.http;

import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;

/** A connection and its state in {@link ConnectionGate}. Thread-safe. */
final class Guest {
    private final Connection connection;
    private final AddressKey address;
    private final Bound bound;
    private final boolean multiplexed;
    private boolean fresh = true; // true until the first request; this and the following fields are guarded by this
    private boolean served;
    private int requests;
    private long bytesAtRest;
    private long sweeps;
    private long rested;

    Guest(Connection connection, AddressKey address, Bound bound) {
        this.connection = connection;
        this.address = address;
        this.bound = bound;
        this.multiplexed = connection instanceof HTTP2Connection;
    }

    /** The limit that a connection exceeds. */
    enum Bound {
        NONE("none"),
        NODE("node"),
        ADDRESS("address");

        private final String label;

        Bound(String label) {
            this.label = label;
        }

        /** Returns its name in the metric. */
        String label() {
            return label;
        }
    }

    Connection connection() {
        return connection;
    }

    AddressKey address() {
        return address;
    }

    Bound bound() {
        return bound;
    }

    /** Notes that the head of a request is complete. */
    synchronized void begin() {
        fresh = false;
        requests++;
        sweeps = 0;
        rested = 0;
    }

    /** Notes that a request is answered. */
    synchronized void end() {
        requests--;
        bytesAtRest = connection.getBytesIn();
    }

    /** Notes that the connection sent a request that is served beyond every limit. */
    synchronized void serve() {
        served = true;
    }

    synchronized boolean isServed() {
        return served;
    }

    /**
     * Counts a sweep. Returns for how many sweeps the connection has waited for the end of a head, since it was opened or
     * since the first byte of the head. What an HTTP/2 connection sends between requests may be something else, such as a ping:
     * there a later head counts as rest.
     */
    synchronized long waitedForHead() {
        var begun = !multiplexed && connection.getBytesIn() != bytesAtRest;
        var inHead = requests == 0 && (fresh || begun);
        sweeps = inHead ? sweeps + 1 : 0;
        rested = multiplexed && requests == 0 ? rested + 1 : 0;
        return sweeps;
    }

    /** Returns for how many sweeps an HTTP/2 connection has had no request, whatever else it sent; 0 for HTTP/1.1. */
    synchronized long rested() {
        return rested;
    }
}
