package io.seawall.node.http.cluster;

import io.seawall.node.http.exchange.BoundedPool;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.Router;
import java.util.Set;

/**
 * {@code /v1/cluster}: what this node knows about the cluster, and its changes. Each node answers for itself, so that there is an
 * answer while no coordinator is; {@code from=coordinator} redirects to the one that knows the members.
 */
public final class ClusterResource {
    private static final Set<String> BOOLEANS = Set.of("true", "false");

    private final ClusterAccess access;
    private final ClusterEvents events;
    private final BoundedPool streams;

    public ClusterResource(ClusterAccess access, ClusterEvents events, BoundedPool streams) {
        this.access = access;
        this.events = events;
        this.streams = streams;
    }

    public void routes(Router router) {
        router.add("GET", "/v1/cluster", this::show);
        router.add("GET", "/v1/cluster/events", this::follow);
    }

    private void show(Exchange exchange) {
        var query = exchange.query().allow("from", "logs");
        var fromCoordinator =
                query.oneOf("from", "here", Set.of("here", "coordinator")).equals("coordinator");
        var withLogs = query.oneOf("logs", "false", BOOLEANS).equals("true");
        exchange.accepted(Exchange.JSON);
        var view = access.required(exchange).view();
        if (fromCoordinator) {
            ClusterAccess.onlyCoordinator(exchange, view);
        }
        var since = access.feed().since(view);
        exchange.json(200, json -> ClusterJson.write(json, view, since, withLogs));
    }

    private void follow(Exchange exchange) {
        exchange.query().allow();
        exchange.accepted(ClusterEvents.EVENTS);
        access.required(exchange);
        streams.run(exchange, () -> events.serve(exchange));
    }
}
