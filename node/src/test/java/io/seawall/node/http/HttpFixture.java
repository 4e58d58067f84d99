package io.seawall.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.seawall.node.guard.AccessGuard;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.Owners;
import io.seawall.node.tls.ServerTls;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.TopicSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A server on a free port of 127.0.0.1 over a fake node with the topic {@code orders}, and a client of it. */
final class HttpFixture implements AutoCloseable {
    static final int RECORD_MAX_BYTES = 1 << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final StubNode node = new StubNode();
    final FakeCluster cluster = FakeCluster.of("n1", "n2");
    final NodeMetrics metrics = new NodeMetrics(node::local);
    volatile Map<PChannel, Long> rates = Map.of();
    volatile Optional<String> grpc = Optional.empty();
    private final AtomicLong ahead = new AtomicLong();
    private final String scheme;
    final HttpServer server;
    final HttpClient client = HttpClient.newHttpClient();

    HttpFixture() {
        this(settings());
    }

    HttpFixture(HttpSettings settings) {
        this(settings, true);
    }

    /** Creates a node that is in no cluster. */
    static HttpFixture withoutCluster() {
        return new HttpFixture(settings(), false);
    }

    private HttpFixture(HttpSettings settings, boolean clustered) {
        this(settings, clustered, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Creates a node that serves callers of an access file; with TLS if that is given. */
    static HttpFixture withAccess(AccessGuard guard, Optional<ServerTls> tls) {
        return new HttpFixture(settings(), true, Optional.empty(), tls, Optional.of(guard));
    }

    /** Creates a node that serves TLS; its {@link #client} trusts what the JVM trusts. */
    static HttpFixture withTls(HttpSettings settings, ServerTls tls) {
        return new HttpFixture(settings, true, Optional.empty(), Optional.of(tls), Optional.empty());
    }

    /** Creates a node that takes the owners of logs from the cluster's state. */
    static HttpFixture withOwners(HttpSettings settings, Owners owners) {
        return new HttpFixture(settings, true, Optional.of(owners), Optional.empty(), Optional.empty());
    }

    private HttpFixture(
            HttpSettings settings,
            boolean clustered,
            Optional<Owners> owners,
            Optional<ServerTls> tls,
            Optional<AccessGuard> access) {
        access.ifPresent(guard -> guard.bind(metrics));
        scheme = tls.isPresent() ? "https" : "http";
        server = new HttpServer(
                settings,
                new HttpPorts(
                        node,
                        node,
                        node,
                        node.logs,
                        node,
                        clustered ? Optional.of(cluster) : Optional.empty(),
                        owners,
                        () -> rates,
                        () -> grpc,
                        tls,
                        access),
                metrics,
                () -> System.nanoTime() + ahead.get(),
                new SplittableRandom(1),
                Duration.ofMillis(700),
                Duration.ofMillis(50));
        node.create(TopicSpec.of("orders", 2).withReplicationFactor(1));
        cluster.addTopic("orders", 2);
        server.start();
    }

    /** Advances the server's monotonic clock. */
    void forward(Duration by) {
        ahead.addAndGet(by.toNanos());
    }

    /** Returns the settings that the fixture's server has by default. */
    static HttpSettings settings() {
        return settings("127.0.0.1");
    }

    /** Returns the default settings for a server that listens on another address. */
    static HttpSettings settings(String host) {
        return new HttpSettings(host, 0, "n1", RECORD_MAX_BYTES, HttpSettings.Origins.OWN, connections(1024, 256, 64));
    }

    /** Returns limits of connections, with a node's default times. */
    static HttpSettings.Connections connections(int most, int perAddress, int spare) {
        var seconds = Duration.ofSeconds(10);
        return new HttpSettings.Connections(most, perAddress, spare, seconds, seconds, 1 << 10, 1024);
    }

    /** An answer with its body as JSON. */
    record Answer(int status, JsonNode json, HttpResponse<String> raw) {
        String text(String name) {
            return json.path(name).asText();
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + server.port() + path));
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer put(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    Answer post(String path, String contentType, byte[] body) {
        return send(
                request(path).header("Content-Type", contentType).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    Answer postJson(String path, String json) {
        return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    Answer send(HttpRequest.Builder request) {
        var sent = request.build();
        var response = exchange(sent, HttpResponse.BodyHandlers.ofString());
        try {
            var type = response.headers().firstValue("Content-Type").orElse("");
            if (!sent.method().equals("OPTIONS")) {
                ApiDocument.check(sent.method(), sent.uri().getRawPath(), response.statusCode(), type, response.body());
            }
            var json = type.contains("json") && !type.contains("ndjson")
                    ? MAPPER.readTree(response.body())
                    : MAPPER.nullNode();
            return new Answer(response.statusCode(), json, response);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + response.body(), e);
        }
    }

    <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends the text unchanged and returns all answers until the server closes the connection. */
    String raw(String requests) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Sends the text unchanged and returns what is answered up to a text. */
    String rawUntil(String request, String end) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return Slowpokes.readUntil(socket, end);
        }
    }

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + text, e);
        }
    }

    @Override
    public void close() {
        server.close();
        metrics.close();
    }
}
