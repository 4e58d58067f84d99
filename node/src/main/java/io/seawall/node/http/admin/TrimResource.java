package io.seawall.node.http.admin;

import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.http.exchange.OwnerRouting;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.http.json.FlatJson;
import io.seawall.node.ports.Assignments;
import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.Set;

/** Deletes the oldest records of a log that this node owns. */
public final class TrimResource {
    private final Assignments assignments;
    private final OwnerRouting routing;
    private final ByteBudget bodies;

    public TrimResource(Assignments assignments, OwnerRouting routing, ByteBudget bodies) {
        this.assignments = assignments;
        this.routing = routing;
        this.bodies = bodies;
    }

    public void routes(Router router) {
        router.add("POST", "/v1/pchannels/{p}/trim", this::trim);
    }

    private void trim(Exchange exchange) {
        var pchannel = exchange.pchannel();
        exchange.query().allow();
        exchange.accepted(Exchange.JSON);
        exchange.contentType(Exchange.JSON);
        exchange.when(
                exchange.body(HttpLimits.SMALL_BODY_BYTES, bodies),
                body -> trim(exchange, pchannel, body),
                exchange::fail);
    }

    private void trim(Exchange exchange, PChannel pchannel, byte[] body) {
        var json = FlatJson.parse(exchange.operation(), body, Set.of("before"));
        var before = json.required("before", json.number("before", 0, Long.MAX_VALUE));
        trim(exchange, routing.route(exchange, pchannel), pchannel, before);
    }

    private void trim(Exchange exchange, OwnerRouting.Routed routed, PChannel pchannel, long before) {
        Runnable again = () -> trim(exchange, routed, pchannel, before);
        try {
            var was = assignments.ownedWal(pchannel).oldest();
            exchange.when(
                    assignments.trim(pchannel, before),
                    oldest -> exchange.json(200, answer -> {
                        answer.writeStartObject();
                        answer.writeNumberField("oldest", oldest);
                        var why = whyMoreIsLeft(before, was, oldest);
                        if (!why.isEmpty()) {
                            answer.writeStringField("why", why);
                        }
                        answer.writeEndObject();
                    }),
                    failure -> routed.failed(failure, 0, again));
        } catch (WalException notOwned) {
            routed.failed(notOwned, 0, again);
        }
    }

    /**
     * Returns why the log does not begin where the client asked for, or why nothing was deleted; empty if it was done as asked.
     *
     * @param was the oldest LSN before the trim
     * @param oldest the oldest LSN after it
     */
    private static String whyMoreIsLeft(long before, long was, long oldest) {
        if (before <= was) {
            return "nothing was deleted: the log begins with LSN " + was + " already";
        }
        if (oldest >= before) {
            return "";
        }
        return (oldest == was ? "nothing was deleted: " : "") + "LSN " + before
                + " is inside the batch that begins with LSN " + oldest + ", and a batch is kept or deleted as a whole";
    }
}
