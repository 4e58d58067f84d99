package io.seawall.node.http.cluster;

import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.Router;

/** {@code /v1/cluster}: what this node knows about the cluster. */
public final class ClusterResource {
    private final ClusterAccess access;

    public ClusterResource(ClusterAccess access) {
        this.access = access;
    }

    public void routes(Router router) {
        router.add("GET", "/v1/cluster", this::show);
    }

    private void show(Exchange exchange) {
        exchange.query().allow();
        exchange.accepted(Exchange.JSON);
        var view = access.required(exchange).view();
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("node", view.self().node());
            json.writeStringField("role", view.role());
            json.writeEndObject();
        });
    }
}
