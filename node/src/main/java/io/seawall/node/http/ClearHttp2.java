package io.seawall.node.http;

import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.metrics.NodeMetrics;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 without TLS, on the port of HTTP/1.1, for clients that begin with it. Requests of HTTP/1.1 with {@code Upgrade: h2c} are
 * answered over HTTP/1.1 (decision 98).
 */
final class ClearHttp2 extends HTTP2CServerConnectionFactory {
    private final UnreadFrames unread;

    ClearHttp2(HttpConfiguration http, NodeMetrics metrics) {
        this(
                http,
                new UnreadFrames.Limits(
                        HttpLimits.H2_UNREAD_FRAMES, HttpLimits.H2_ALL_UNREAD_FRAMES, HttpLimits.H2_UNREAD_SHARE),
                metrics);
    }

    /** Like the other constructor, with other limits of frames that are not read. */
    ClearHttp2(HttpConfiguration http, UnreadFrames.Limits frames, NodeMetrics metrics) {
        super(http);
        unread = new UnreadFrames(frames, metrics);
        setMaxConcurrentStreams(HttpLimits.H2_STREAMS);
        setInitialStreamRecvWindow(HttpLimits.H2_STREAM_WINDOW_BYTES);
        setInitialSessionRecvWindow(HttpLimits.H2_CONNECTION_WINDOW_BYTES);
        setRateControlFactory(new WindowRateControl.Factory(HttpLimits.H2_CHEAP_FRAMES));
        setFlowControlStrategyFactory(unread);
        addEventListener(unread);
        setConnectProtocolEnabled(false);
    }

    @Override
    public @Nullable Connection upgradeConnection(
            Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable response101) {
        return HttpMethod.PRI.is(request.getMethod())
                ? super.upgradeConnection(connector, endPoint, request, response101)
                : null;
    }

    /** Returns how many DATA frames arrived and are not read. */
    int unreadFrames() {
        return unread.count();
    }
}
