package io.seawall.node.http;

import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.Readiness;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code /livez}, {@code /readyz}, {@code /metrics}, {@code /version} and {@code /openapi.json}. */
final class HealthResource {
    private static final String PROMETHEUS = "text/plain";

    private final Readiness readiness;
    private final NodeMetrics metrics;
    private final BooleanSupplier stopping;
    private final String nodeId;
    private final Supplier<Optional<String>> grpc;

    HealthResource(
            Readiness readiness,
            NodeMetrics metrics,
            BooleanSupplier stopping,
            String nodeId,
            Supplier<Optional<String>> grpc) {
        this.readiness = readiness;
        this.metrics = metrics;
        this.stopping = stopping;
        this.nodeId = nodeId;
        this.grpc = grpc;
    }

    void routes(Router router) {
        router.add("GET", "/livez", this::live);
        router.add("GET", "/readyz", this::ready);
        router.add("GET", "/metrics", this::metrics);
        router.add("GET", "/version", this::version);
        router.add("GET", "/openapi.json", this::describe);
    }

    /** Never depends on Kafka: restarting the node would not repair Kafka. */
    private void live(Exchange exchange) {
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeBooleanField("live", true);
            json.writeEndObject();
        });
    }

    private void ready(Exchange exchange) {
        var verbose = exchange.query().allow("verbose").text("verbose").isPresent();
        var checks = readiness.checks();
        var ready = !stopping.getAsBoolean() && checks.stream().allMatch(Readiness.Check::ok);
        exchange.json(ready ? 200 : 503, json -> {
            json.writeStartObject();
            json.writeBooleanField("ready", ready);
            if (verbose || !ready) {
                json.writeArrayFieldStart("checks");
                for (var check : checks) {
                    json.writeStartObject();
                    json.writeStringField("name", check.name());
                    json.writeBooleanField("ok", check.ok());
                    json.writeStringField("detail", check.detail());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        });
    }

    private void metrics(Exchange exchange) {
        exchange.accepted(PROMETHEUS);
        var text = metrics.scrape().getBytes(StandardCharsets.UTF_8);
        exchange.answer(200, PROMETHEUS + ";version=0.0.4;charset=utf-8", Map.of(), text);
    }

    private void version(Exchange exchange) {
        var address = grpc.get();
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("version", Version.TEXT);
            json.writeStringField("node", nodeId);
            json.writeStringField("java", System.getProperty("java.version"));
            if (address.isPresent()) {
                json.writeStringField("grpc", address.get());
            }
            json.writeEndObject();
        });
    }

    private void describe(Exchange exchange) {
        exchange.accepted(Exchange.JSON);
        exchange.answer(200, Exchange.JSON, Map.of(), OpenApi.JSON);
    }
}
