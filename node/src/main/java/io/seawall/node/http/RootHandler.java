package io.seawall.node.http;

import io.seawall.node.http.exchange.Exchanges;
import io.seawall.node.http.exchange.Router;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Finds the endpoint of a request, and answers if that fails. */
final class RootHandler extends Handler.Abstract {
    private final Router router;
    private final Exchanges exchanges;
    private final HttpAccess access;

    RootHandler(Router router, Exchanges exchanges, HttpAccess access) {
        this.access = access;
        this.router = router;
        this.exchanges = exchanges;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // A request that waits for an acknowledgement or a record is not idle. Jetty still ends stalled reads and
        // writes.
        request.addIdleTimeoutListener(timeout -> false);
        Router.Match match;
        try {
            match = router.find(request.getMethod(), Request.getPathInContext(request));
        } catch (RuntimeException e) {
            exchanges.refuse(request, response, callback, e);
            return true;
        }
        var exchange = exchanges.begin(request, response, callback, match);
        try {
            access.admit(request, response, match, exchange);
            match.route().endpoint().handle(exchange);
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
        return true;
    }
}
