package io.seawall.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.TopicCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;

/** A server on a free port of 127.0.0.1 over a fake node with the topic {@code orders}, and a client for it. */
final class HttpFixture implements AutoCloseable {
    static final int RECORD_MAX_BYTES = 1 << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final FakeNode node = new FakeNode();
    final NodeMetrics metrics = new NodeMetrics(node::local);
    final HttpServer server = new HttpServer(
            new HttpSettings("127.0.0.1", 0, "n1", RECORD_MAX_BYTES),
            new HttpPorts(node, node, node, node.logs, node),
            metrics,
            Clock.systemUTC(),
            new SplittableRandom(1),
            Duration.ofMillis(700));
    final HttpClient client = HttpClient.newHttpClient();

    HttpFixture() {
        node.create("orders", new TopicCatalog.Wanted(2, 1, "none"));
        server.start();
    }

    /** An answer with its body as JSON. */
    record Answer(int status, JsonNode json, HttpResponse<String> raw) {
        String text(String name) {
            return json.path(name).asText();
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
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
        var response = exchange(request.build(), HttpResponse.BodyHandlers.ofString());
        try {
            var type = response.headers().firstValue("Content-Type").orElse("");
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
