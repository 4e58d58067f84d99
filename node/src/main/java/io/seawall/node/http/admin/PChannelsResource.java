package io.seawall.node.http.admin;

import io.seawall.node.http.exchange.BoundedPool;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.OwnerRouting;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.List;
import java.util.Set;

/** {@code /v1/pchannels}: the status of the pchannels. */
public final class PChannelsResource {
    private static final String CLUSTER = "cluster";
    private static final String NODE = "node";

    private final Assignments assignments;
    private final OwnerRouting routing;
    private final BoundedPool work;

    public PChannelsResource(Assignments assignments, OwnerRouting routing, BoundedPool work) {
        this.assignments = assignments;
        this.routing = routing;
        this.work = work;
    }

    public void routes(Router router) {
        router.add("GET", "/v1/pchannels", this::list);
        router.add("GET", "/v1/pchannels/{p}", this::one);
    }

    private void list(Exchange exchange) {
        var scope = exchange.query().allow("scope").oneOf("scope", CLUSTER, Set.of(CLUSTER, NODE));
        exchange.accepted(Exchange.JSON);
        if (scope.equals(NODE)) {
            show(exchange, assignments.local()); // at once: other nodes ask for it
        } else {
            work.run(exchange, () -> show(exchange, assignments.statuses()));
        }
    }

    private static void show(Exchange exchange, List<PChannelStatus> statuses) {
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("pchannels");
            for (var status : statuses) {
                if (exchange.session().sees(status.pchannel().topic())) {
                    StatusJson.write(json, status);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void one(Exchange exchange) {
        var pchannel = exchange.pchannel();
        var confirm = exchange.query()
                .allow("confirm")
                .oneOf("confirm", "false", Set.of("true", "false"))
                .equals("true");
        exchange.accepted(Exchange.JSON);
        if (!confirm) {
            show(exchange, pchannel, 0);
            return;
        }
        confirm(exchange, routing.route(exchange, pchannel), pchannel);
    }

    private void confirm(Exchange exchange, OwnerRouting.Routed routed, PChannel pchannel) {
        Runnable again = () -> confirm(exchange, routed, pchannel);
        try {
            exchange.when(
                    assignments.ownedWal(pchannel).checkTail(),
                    tail -> show(exchange, pchannel, tail),
                    failure -> routed.failed(failure, 0, again));
        } catch (WalException notOwned) {
            routed.failed(notOwned, 0, again);
        }
    }

    /** Shows the status with a tail that is at least the confirmed one, because the known tail may be a moment old. */
    private void show(Exchange exchange, PChannel pchannel, long confirmedTail) {
        work.run(exchange, () -> {
            var status = assignments.status(pchannel).withTailOf(confirmedTail);
            exchange.json(200, json -> StatusJson.write(json, status));
        });
    }
}
