package io.seawall.node.http;

import io.micrometer.core.instrument.Timer;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.Assignments;
import io.seawall.wal.Appended;
import io.seawall.wal.PChannel;
import io.seawall.wal.Record;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/pchannels/{p}/records}. No thread waits for the acknowledgement. */
final class AppendResource {
    private static final String OCTETS = "application/octet-stream";

    private final Assignments assignments;
    private final OwnerRedirect redirect;
    private final BatchRules rules;
    private final ByteBudget bodies;
    private final NodeMetrics metrics;

    AppendResource(
            Assignments assignments, OwnerRedirect redirect, BatchRules rules, ByteBudget bodies, NodeMetrics metrics) {
        this.assignments = assignments;
        this.redirect = redirect;
        this.rules = rules;
        this.bodies = bodies;
        this.metrics = metrics;
    }

    void routes(Router router) {
        router.add("POST", "/v1/pchannels/{p}/records", this::append);
    }

    private void append(Exchange exchange) {
        var pchannel = exchange.pchannel();
        var type = exchange.contentType(OCTETS, Exchange.JSON);
        exchange.accepted(Exchange.JSON);
        var query = exchange.query();
        if (exchange.header("Idempotency-Key") != null) {
            throw query.invalid("header Idempotency-Key", "a request without it: it is not supported yet");
        }
        var format = type.equals(OCTETS) ? null : Format.of(query.allow(Format.PARAMETER));
        if (format == null) {
            query.allow();
        }
        try {
            var wal = assignments.ownedWal(pchannel); // before the body, which may be for another node
            var appended = exchange.body(HttpLimits.BODY_BYTES, bodies)
                    .thenCompose(body -> append(wal, batch(exchange, body, format)));
            exchange.when(
                    appended, done -> answer(exchange, done), failure -> redirect.fail(exchange, pchannel, failure));
        } catch (WalException e) {
            redirect.fail(exchange, pchannel, e);
        }
    }

    private List<Record> batch(Exchange exchange, byte[] body, @Nullable Format format) {
        if (format != null) {
            return BatchJson.parse(exchange.operation(), body, format, rules);
        }
        var record = Record.of(body);
        rules.check(exchange.operation(), record, 0);
        return List.of(record);
    }

    private CompletableFuture<Appended> append(Wal wal, List<Record> batch) {
        var sample = metrics.start();
        return wal.append(batch).whenComplete((appended, failure) -> count(wal.pchannel(), batch, failure, sample));
    }

    private void count(PChannel pchannel, List<Record> batch, @Nullable Throwable failure, Timer.Sample sample) {
        var bytes = batch.stream().mapToLong(Record::sizeBytes).sum();
        metrics.appended(pchannel, batch.size(), bytes, result(failure), sample);
    }

    private static String result(@Nullable Throwable failure) {
        if (failure == null) {
            return "ok";
        }
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof WalException wal ? wal.code().name().toLowerCase(Locale.ROOT) : "internal";
    }

    private static void answer(Exchange exchange, Appended appended) {
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeNumberField("term", appended.term());
            json.writeNumberField("first", appended.first());
            json.writeNumberField("last", appended.last());
            json.writeNumberField("tail", appended.tail());
            json.writeEndObject();
        });
    }
}
