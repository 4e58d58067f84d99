package io.seawall.node.http;

import io.seawall.node.access.AddressKey;
import org.eclipse.jetty.io.Connection;

/** A connection and its state in {@link ConnectionGate}. Thread-safe. */
final class Guest {
    private final Connection connection;
    private final AddressKey address;
    private final Bound bound;
    private boolean fresh = true; // true until the first request; this and the following fields are guarded by this
    private boolean served;
    private int requests;
    private long bytesAtRest;
    private long sweeps;

    Guest(Connection connection, AddressKey address, Bound bound) {
        this.connection = connection;
        this.address = address;
        this.bound = bound;
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
     * since the first byte of the head.
     */
    synchronized long waitedForHead() {
        var inHead = requests == 0 && (fresh || connection.getBytesIn() != bytesAtRest);
        sweeps = inHead ? sweeps + 1 : 0;
        return sweeps;
    }
}
