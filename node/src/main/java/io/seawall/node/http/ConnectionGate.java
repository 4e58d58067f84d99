package io.seawall.node.http;

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
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the connections of the node and of each address. A connection beyond a bound is taken too, as one that is not accepted
 * would leave its client without a word: it may ask for health and metrics, anything else is answered with 503, and it is closed
 * behind its answer. Of these there are a few; when they are all taken the oldest makes room, so that a probe, which asks at once,
 * gets its answer whatever waits.
 *
 * <p>Jetty tells it of connections on its own threads; {@link #sweep} runs on one of ours.
 */
final class ConnectionGate implements Connection.Listener, Gate {
    private static final Set<String> ALWAYS = Set.of("/livez", "/readyz", "/metrics", "/version");

    private final HttpSettings.Connections limits;
    private final SlowClients slow;
    private final NodeMetrics metrics;
    private final long sweepsForHead;
    private final Map<Connection, Guest> guests = new ConcurrentHashMap<>(); // changed under this
    private final Map<Connection, Guest> spare =
            new LinkedHashMap<>(); // of those the ones beyond a bound, oldest first
    private final Map<AddressKey, Integer> addresses = new HashMap<>(); // the other ones by address

    /**
     * A gate without connections.
     *
     * @param limits how many
     * @param sweepEvery the time between two calls of {@link #sweep}
     * @param slow counts heads that take too long
     * @param metrics counts connections that are refused
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
        var evicted = admit(connection);
        if (evicted != null) {
            metrics.refusedConnection("spare");
            evicted.getEndPoint().close();
        }
    }

    /** Gives a connection its place; the one whose place it takes, or null. */
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

    /** Takes out the oldest that has not asked for something that it may have, or else the oldest. */
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
            throw refusal(Guest.Bound.NODE).exception(); // it has lost its place meanwhile: nobody gets this answer
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
        var problem = Problem.of(ErrorCode.OVERLOADED, "take a request on one more connection");
        return bound == Guest.Bound.NODE
                ? problem.found(limits.most() + " connections to this node")
                        .expected("fewer (http.connections)")
                        .fix("close some, or try again")
                : problem.found(limits.perAddress() + " connections from this address")
                        .expected("fewer (http.connections.per.address)")
                        .fix("use each for more than one request");
    }

    /** Closes connections whose request's head does not come to its end. */
    void sweep() {
        for (var guest : guests.values()) {
            if (guest.waitedForHead() > sweepsForHead) {
                slow.head();
                guest.connection().getEndPoint().close();
            }
        }
    }
}
