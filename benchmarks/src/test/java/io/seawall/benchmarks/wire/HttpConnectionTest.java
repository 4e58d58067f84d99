package io.seawall.benchmarks.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpConnectionTest {
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body.length + " from "
                    + exchange.getRemoteAddress().getPort());
            var answer = new byte[3_000];
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Test
    void sendsRequestAfterRequestOverOneConnection() throws IOException {
        try (var connection = new HttpConnection(url())) {
            connection.exchange(HttpConnection.get("/livez"));
            connection.exchange(HttpConnection.append("orders-0", new byte[1024]));
            connection.exchange(HttpConnection.append("orders-0", new byte[0]));
        }

        var port = requests.get(0).replaceFirst(".* ", "");
        assertThat(requests)
                .containsExactly(
                        "GET /livez 0 from " + port,
                        "POST /v1/pchannels/orders-0/records 1024 from " + port,
                        "POST /v1/pchannels/orders-0/records 0 from " + port);
    }

    @Test
    void anyOtherStatusIsAnError() throws IOException {
        status = 503;
        try (var connection = new HttpConnection(url())) {
            assertThatThrownBy(() -> connection.exchange(HttpConnection.get("/livez")))
                    .hasMessageContaining("expected status 200, found HTTP/1.1 503");
        }
    }
}
