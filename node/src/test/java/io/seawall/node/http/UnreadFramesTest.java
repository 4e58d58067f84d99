package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.node.metrics.NodeMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limits of frames that are not read, on a server that reads no body and answers no request. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnreadFramesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final UnreadFrames.Limits LIMITS = new UnreadFrames.Limits(1_000, 1_500, 100);

    private final NodeMetrics metrics = new NodeMetrics(List::of);
    private final Server server = new Server();
    private final ClearHttp2 http2 = new ClearHttp2(new HttpConfiguration(), LIMITS, metrics);
    private final ServerConnector connector =
            new ServerConnector(server, 1, 1, new HttpConnectionFactory(new HttpConfiguration()), http2);
    private final List<Http2Client> clients = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                return true;
            }
        });
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        clients.forEach(Http2Client::close);
        server.stop();
        metrics.close();
    }

    private Http2Client connect() {
        var client = new Http2Client(connector.getLocalPort());
        clients.add(client);
        return client;
    }

    private static Http2Client.Request open(Http2Client client) {
        return client.open("POST", "/", "application/octet-stream", false);
    }

    /** Sends frames of one byte until the connection ends. */
    private static void send(Http2Client client, Http2Client.Request to, int frames) {
        try {
            for (var sent = 0; sent < frames && !client.isEnded(); sent++) {
                to.send("x", false);
            }
        } catch (RuntimeException closed) {
            // the connection is closed
        }
    }

    private void awaitUnread(int frames) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(http2.unreadFrames()).isEqualTo(frames));
    }

    @Test
    void tooManyFramesThatAreNotReadEndTheConnection() {
        var client = connect();

        send(client, open(client), 50_000);

        client.awaitEndBecauseOf(ErrorCode.ENHANCE_YOUR_CALM_ERROR);
        assertThat(metrics.scrape()).contains("seawall_http_connections_refused_total{reason=\"frames\"} 1.0");
        awaitUnread(0);
    }

    @Test
    void framesOfARequestThatIsCancelledAreForgotten() {
        var client = connect();
        for (var round = 1; round <= 3; round++) {
            var stream = open(client);
            send(client, stream, 900);
            awaitUnread(900);

            stream.cancel();

            awaitUnread(0);
        }
        assertThat(client.isEnded()).isFalse();
    }

    @Test
    void whereTheNodeHasTooManyAConnectionMayHaveItsShare() {
        var first = connect();
        send(first, open(first), 1_000);
        awaitUnread(1_000);
        var second = connect();
        send(second, open(second), 500);
        awaitUnread(1_500);

        var modest = connect();
        send(modest, open(modest), 100);
        awaitUnread(1_600);
        var greedy = connect();
        send(greedy, open(greedy), 50_000);

        greedy.awaitEndBecauseOf(ErrorCode.ENHANCE_YOUR_CALM_ERROR);
        awaitUnread(1_600);
        assertThat(List.of(first, second, modest)).noneMatch(Http2Client::isEnded);
    }
}
