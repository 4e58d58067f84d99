package io.seawall.node.http.cluster;

import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.Router;
import io.seawall.wal.ErrorCode;
import java.util.Set;

/**
 * {@code /v1/pchannels/{p}/explanation}: why a log is where it is. The coordinator explains, because what a log waits for is known
 * there alone; {@code local=true} asks this node instead.
 */
public final class ExplanationResource {
    private final ClusterAccess access;

    public ExplanationResource(ClusterAccess access) {
        this.access = access;
    }

    public void routes(Router router) {
        router.add("GET", "/v1/pchannels/{p}/explanation", this::explain);
    }

    private void explain(Exchange exchange) {
        var pchannel = exchange.pchannel();
        var local = exchange.query()
                .allow("local")
                .oneOf("local", "false", Set.of("true", "false"))
                .equals("true");
        exchange.accepted(Exchange.JSON);
        var cluster = access.required(exchange);
        var view = cluster.view();
        if (!local) {
            ClusterAccess.redirectIfElsewhere(exchange, view);
        }
        var explanation = cluster.explain(pchannel)
                .orElseThrow(() -> exchange.problem(ErrorCode.NOT_FOUND)
                        .pchannel(pchannel)
                        .found("no such log in the cluster")
                        .exception());
        exchange.json(200, json -> ExplanationJson.write(json, explanation, view));
    }
}
