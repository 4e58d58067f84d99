package io.seawall.node.http;

import io.seawall.node.http.exchange.Exchanges;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers the requests that a gate rejects, and passes on the others. */
final class GateHandler extends Handler.Wrapper {
    private final List<Gate> gates;
    private final Exchanges exchanges;

    GateHandler(List<Gate> gates, Exchanges exchanges, Handler next) {
        super(next);
        this.gates = List.copyOf(gates);
        this.exchanges = exchanges;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        try {
            gates.forEach(gate -> gate.check(request, response));
        } catch (RuntimeException refusal) {
            exchanges.refuse(request, response, callback, refusal);
            return true;
        }
        return super.handle(request, response, callback);
    }
}
