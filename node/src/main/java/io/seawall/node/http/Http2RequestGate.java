package io.seawall.node.http;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Limits the HTTP/2 requests of the node. Those of HTTP/1.1 are limited by the connections, which have one each; an HTTP/2
 * connection has many. Thread-safe.
 */
final class Http2RequestGate implements Gate {
    private final int most;
    private final NodeMetrics metrics;
    private final AtomicInteger requests = new AtomicInteger();

    Http2RequestGate(int most, NodeMetrics metrics) {
        this.most = most;
        this.metrics = metrics;
    }

    @Override
    public void check(Request request, Response response) {
        if (!(request.getConnectionMetaData().getConnection() instanceof HTTP2Connection)) {
            return;
        }
        var running = requests.incrementAndGet();
        Request.addCompletionListener(request, failure -> requests.decrementAndGet());
        if (running > most && !ConnectionGate.isAlwaysServed(request)) {
            metrics.refused("http2");
            throw Problem.of(ErrorCode.OVERLOADED, "accept one more HTTP/2 request")
                    .found(most + " HTTP/2 requests to this node")
                    .expected("fewer")
                    .fix("send fewer at a time, or try again")
                    .exception();
        }
    }
}
