package io.seawall.node.http;

import io.seawall.node.metrics.NodeMetrics;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where every request arrives: finds its endpoint, counts it, and answers what went wrong. */
final class RootHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(RootHandler.class);
    private static final Router.Route NO_ROUTE = new Router.Route("none", "none", exchange -> {});

    private final Router router;
    private final Failures failures;
    private final NodeMetrics metrics;

    RootHandler(Router router, Failures failures, NodeMetrics metrics) {
        this.router = router;
        this.failures = failures;
        this.metrics = metrics;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var sample = metrics.start();
        // A request that waits for an acknowledgement or a record is not idle. Jetty ends stalled reads and writes all
        // the same.
        request.addIdleTimeoutListener(timeout -> false);
        Router.Match match;
        RuntimeException unrouted = null;
        try {
            match = router.find(request.getMethod(), Request.getPathInContext(request));
        } catch (RuntimeException e) {
            unrouted = e;
            match = new Router.Match(NO_ROUTE, Map.of());
        }
        var route = match.route();
        Request.addCompletionListener(request, failure -> {
            metrics.request(route.template(), route.method(), response.getStatus(), sample);
            LOG.atDebug()
                    .addKeyValue("method", route.method())
                    .addKeyValue("route", route.template())
                    .addKeyValue("status", response.getStatus())
                    .log("request answered");
        });
        var exchange = new Exchange(request, response, callback, match, failures);
        if (unrouted != null) {
            exchange.fail(unrouted);
            return true;
        }
        try {
            route.endpoint().handle(exchange);
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
        return true;
    }
}
