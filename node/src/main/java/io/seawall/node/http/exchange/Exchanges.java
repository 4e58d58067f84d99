package io.seawall.node.http.exchange;

import io.seawall.node.http.pace.SlowClients;
import io.seawall.node.metrics.NodeMetrics;
import java.util.Map;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates exchanges, and counts and logs each one when its answer is complete. */
public final class Exchanges {
    private static final Logger LOG = LoggerFactory.getLogger(Exchanges.class);

    private static final Router.Match NO_ROUTE =
            new Router.Match(new Router.Route("none", "none", exchange -> {}), Map.of());

    private final HttpErrors failures;
    private final NodeMetrics metrics;
    private final SlowClients slow;

    public Exchanges(HttpErrors failures, NodeMetrics metrics, SlowClients slow) {
        this.failures = failures;
        this.metrics = metrics;
        this.slow = slow;
    }

    /** Answers a request that reaches no endpoint. */
    public void refuse(Request request, Response response, Callback callback, RuntimeException why) {
        begin(request, response, callback, NO_ROUTE).fail(why);
    }

    public Exchange begin(Request request, Response response, Callback callback, Router.Match match) {
        var sample = metrics.start();
        var route = match.route();
        Request.addCompletionListener(request, failure -> {
            metrics.request(route.template(), route.method(), response.getStatus(), sample);
            LOG.atDebug()
                    .addKeyValue("method", route.method())
                    .addKeyValue("route", route.template())
                    .addKeyValue("status", response.getStatus())
                    .log("request answered");
        });
        return new Exchange(request, slow.answer(request, response), callback, match, failures, slow);
    }
}
