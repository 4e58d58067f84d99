package io.seawall.node.http;

import io.seawall.node.access.AddressKey;
import io.seawall.node.http.pace.SlowClients;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * Limits the connections of the node and of each address. Connections beyond a limit are accepted too, because a client
 * whose connection is not accepted would get no answer at all. Such a connection may request health and metrics; any other
 * request is answered with 503, and the connection is closed after its answer. There are few places for such connections.
 * When all are taken, the oldest connection is closed, so that a probe, which sends its request at once, gets its answer no
 * matter how many connections are waiting.
 *
 * <p>Jetty reports connections on its own threads; {@link #sweep} runs on one of ours.
 */
final class ConnectionGate implements Connection.Listener, Gate {
    private static final Set<String> ALWAYS = Set.of("/livez", "/readyz", "/metrics", "/version");

    private final HttpSettings.Connections limits;
    private final SlowClients slow;
    private final NodeMetrics metrics;
    private final long sweepsForHead;
    private final Map<Connection, Guest> guests = new ConcurrentHashMap<>(); // modified under the lock of this
    private final Map<Connection, Guest> spare = new LinkedHashMap<>(); // those beyond a limit, oldest first
    private final Map<AddressKey, Integer> addresses = new HashMap<>(); // counts the others by address

    /**
     * Creates a gate without connections.
     *
     * @param limits the limits
     * @param sweepEvery the time between two calls of {@link #sweep}
     * @param slow counts heads that take too long
     * @param metrics counts refused connections
     */
    ConnectionGate(HttpSettings.Connections limits, Duration sweepEvery, SlowClients slow, NodeMetrics metrics) {
        this.limits = limits;
        this.slow = slow;
        this.metrics = metrics;
        this.sweepsForHead = Math.max(1, limits.head().toMillis() / sweepEvery.toMillis());
        metrics.gauge("seawall.http.connections", "open connections", guests::size);
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof SslConnection) {
            return; // what it carries is another connection for Jetty, and counts
        }
        var evicted = admit(connection);
        if (evicted != null) {
            metrics.refusedConnection("spare");
            evicted.getEndPoint().close();
        }
    }

    /** Admits a connection; returns the one that it replaces, or null. */
    private synchronized @Nullable Connection admit(Connection connection) {
        var address = AddressKey.of(connection.getEndPoint().getRemoteSocketAddress());
        var bound = Guest.Bound.NONE;
        if (guests.size() - spare.size() >= limits.most()) {
            bound = Guest.Bound.NODE;
        } else if (addresses.getOrDefault(address, 0) >= limits.perAddress()) {
            bound = Guest.Bound.ADDRESS;
        }
        var guest = new Guest(connection, address, bound);
        var evicted = bound != Guest.Bound.NONE && spare.size() >= limits.spare() ? evict() : null;
        guests.put(connection, guest);
        if (bound == Guest.Bound.NONE) {
            addresses.merge(address, 1, Integer::sum);
        } else {
            spare.put(connection, guest);
        }
        return evicted;
    }

    /** Removes the oldest connection that was not served an allowed request, or else the oldest. */
    private Connection evict() {
        var victim = spare.values().stream()
                .filter(guest -> !guest.isServed())
                .findFirst()
                .orElseGet(() -> spare.values().iterator().next())
                .connection();
        spare.remove(victim);
        guests.remove(victim);
        return victim;
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        var guest = guests.remove(connection);
        if (guest != null && spare.remove(connection) == null) {
            addresses.computeIfPresent(guest.address(), (address, count) -> count == 1 ? null : count - 1);
        }
    }

    @Override
    public void check(Request request, Response response) {
        var guest = guests.get(request.getConnectionMetaData().getConnection());
        if (guest == null) {
            throw refusal(Guest.Bound.NODE).exception(); // it was evicted meanwhile, so no client gets this answer
        }
        guest.begin();
        Request.addCompletionListener(request, failure -> guest.end());
        if (guest.bound() == Guest.Bound.NONE) {
            return;
        }
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        if (ALWAYS.contains(Request.getPathInContext(request))) {
            guest.serve();
            return;
        }
        metrics.refusedConnection(guest.bound().label());
        throw refusal(guest.bound()).exception();
    }

    private Problem refusal(Guest.Bound bound) {
        var problem = Problem.of(ErrorCode.OVERLOADED, "accept a request on one more connection");
        return bound == Guest.Bound.NODE
                ? problem.found(limits.most() + " connections to this node")
                        .expected("fewer (http.connections)")
                        .fix("close some, or try again")
                : problem.found(limits.perAddress() + " connections from this address")
                        .expected("fewer (http.connections.per.address)")
                        .fix("use each for more than one request");
    }

    /** Closes connections whose request head is not complete in time. */
    void sweep() {
        for (var guest : guests.values()) {
            if (guest.waitedForHead() > sweepsForHead) {
                slow.head();
                guest.connection().getEndPoint().close();
            }
        }
    }
}
