package io.seawall.node.http.cluster;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.http.json.FlatJson;
import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.ErrorCode;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What nodes ask each other: {@code GET /v1/cluster/peers/{n}}, a stream that ends only with the process, and {@code POST
 * /v1/cluster/hints}, which reports a process that is dead. A report that is wrong makes the cluster move a node's logs, at most once a
 * second: with an access file, only callers with {@code admin:*} may send one.
 */
public final class PeerResource {
    private static final String NDJSON = "application/x-ndjson";

    private final ClusterAccess access;
    private final PeerStreams streams;
    private final ByteBudget bodies;

    public PeerResource(ClusterAccess access, PeerStreams streams, ByteBudget bodies) {
        this.access = access;
        this.streams = streams;
        this.bodies = bodies;
    }

    public void routes(Router router) {
        router.add("GET", "/v1/cluster/peers/{n}", this::follow);
        router.add("POST", "/v1/cluster/hints", this::hint);
    }

    private void follow(Exchange exchange) {
        var cluster = access.required(exchange);
        exchange.query().allow();
        exchange.accepted(NDJSON);
        var node = exchange.path("n");
        if (!MetaKey.isNode(node)) {
            throw exchange.problem(ErrorCode.INVALID)
                    .found("a name that no node can have")
                    .expected("the id of the node that asks")
                    .exception();
        }
        streams.open(exchange, node, cluster.view().self());
    }

    private void hint(Exchange exchange) {
        access.required(exchange);
        exchange.query().allow();
        exchange.accepted(Exchange.JSON);
        exchange.contentType(Exchange.JSON);
        exchange.when(exchange.body(HttpLimits.SMALL_BODY_BYTES, bodies), body -> hint(exchange, body), exchange::fail);
    }

    private void hint(Exchange exchange, byte[] body) {
        var cluster = access.required(exchange);
        var json = FlatJson.parse(exchange.operation(), body, Set.of("node", "incarnation", "by"));
        var hint = new Hint(
                required(json, "node", MetaKey::isNode, "the id of a node"),
                required(json, "incarnation", MetaKey::isIncarnation, "the incarnation of its process"),
                required(json, "by", MetaKey::isNode, "the id of the node that saw it"));
        var self = cluster.view().self();
        if (hint.node().equals(self.node()) && hint.incarnation().equals(self.incarnation())) {
            throw exchange.problem(ErrorCode.INVALID)
                    .found("a report that this very process is dead")
                    .expected("a report about another one")
                    .exception();
        }
        cluster.suspect(hint);
        exchange.json(202, answer -> {
            answer.writeStartObject();
            answer.writeStringField("node", hint.node());
            answer.writeEndObject();
        });
    }

    private static String required(FlatJson json, String name, Predicate<String> allowed, String expected) {
        return json.required(name, json.matching(name, allowed, expected));
    }
}
