package io.seawall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.seawall.cli.command.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** An HTTP server with answers that the test sets; records the requests. */
public final class FakeNode implements AutoCloseable {
    private static final Answer UNKNOWN_PATH = problem(404, "NOT_FOUND", "none", "no such path");

    /** A request. */
    public record Request(
            String method, String path, Map<String, String> query, String idempotencyKey, JsonNode body) {}

    /** An answer; a location makes it a redirect. */
    public record Answer(int status, String type, String body, String location) {
        public static Answer json(int status, String body) {
            return new Answer(status, "application/json", body, "");
        }
    }

    /** Answers the requests to one path. */
    public interface Handler {
        Answer answer(Request request) throws InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    public FakeNode() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException("cannot open a port on loopback", e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    public static Answer problem(int status, String code, String effect, String detail) {
        var body = Json.object()
                .put("type", "about:blank")
                .put("title", code)
                .put("status", status)
                .put("code", code)
                .put("effect", effect)
                .put("detail", detail);
        return new Answer(status, "application/problem+json", Json.line(body), "");
    }

    /** Sets the handler of a method and path, as in {@code GET /v1/topics}. */
    public FakeNode on(String methodAndPath, Handler handler) {
        handlers.put(methodAndPath, handler);
        return this;
    }

    public FakeNode on(String methodAndPath, int status, String json) {
        return on(methodAndPath, request -> Answer.json(status, json));
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Request> requests() {
        return requests;
    }

    /** Returns the Authorization of each request, or "none". */
    public List<String> authorizations() {
        return authorizations;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = Json.MAPPER.readTree(exchange.getRequestBody());
            var uri = exchange.getRequestURI();
            var key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            var request = new Request(
                    exchange.getRequestMethod(), uri.getPath(), query(uri.getRawQuery()), key == null ? "" : key, body);
            var authorization = exchange.getRequestHeaders().getFirst("Authorization");
            authorizations.add(authorization == null ? "none" : authorization);
            requests.add(request);
            var handler = handlers.getOrDefault(request.method() + " " + request.path(), any -> UNKNOWN_PATH);
            send(exchange, handler.answer(request));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the test is over
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        if (!answer.location().isEmpty()) {
            exchange.getResponseHeaders().set("Location", answer.location());
        }
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, String> query(@Nullable String raw) {
        var parameters = new HashMap<String, String>();
        if (raw != null) {
            for (var pair : raw.split("&", -1)) {
                var equals = pair.indexOf('=');
                parameters.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return parameters;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
