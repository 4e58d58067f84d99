package io.seawall.node.http;

import org.eclipse.jetty.io.Connection;

/** A connection with its place, and what it is at. Usable from any thread. */
final class Guest {
    private final Connection connection;
    private final AddressKey address;
    private final Bound bound;
    private boolean fresh = true; // it has not had a request; these are guarded by this
    private boolean served;
    private int requests;
    private long bytesAtRest;
    private long sweeps;

    Guest(Connection connection, AddressKey address, Bound bound) {
        this.connection = connection;
        this.address = address;
        this.bound = bound;
    }

    /** Which bound a connection is beyond. */
    enum Bound {
        NONE("none"),
        NODE("node"),
        ADDRESS("address");

        private final String label;

        Bound(String label) {
            this.label = label;
        }

        /** As the metric names it. */
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

    /** The head of a request is complete. */
    synchronized void begin() {
        fresh = false;
        requests++;
        sweeps = 0;
    }

    /** A request is answered. */
    synchronized void end() {
        requests--;
        bytesAtRest = connection.getBytesIn();
    }

    /** It asked for something that it gets beyond every bound. */
    synchronized void serve() {
        served = true;
    }

    synchronized boolean isServed() {
        return served;
    }

    /** Counts a sweep; for how many it has been between the connection's begin, or a head's first byte, and the head's end. */
    synchronized long waitedForHead() {
        var inHead = requests == 0 && (fresh || connection.getBytesIn() != bytesAtRest);
        sweeps = inHead ? sweeps + 1 : 0;
        return sweeps;
    }
}
