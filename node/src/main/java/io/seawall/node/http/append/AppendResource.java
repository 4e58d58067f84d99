package io.seawall.node.http.append;

import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.Format;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.http.exchange.OwnerRouting;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.http.frames.Frames;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.Assignments;
import io.seawall.node.serve.BatchRules;
import io.seawall.node.serve.ByteBudget;
import io.seawall.node.serve.CountedAppend;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import io.seawall.wal.WriterSeq;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/pchannels/{p}/records}. No thread waits for the acknowledgement. */
public final class AppendResource {
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String IF_TAIL = "ifTail";
    private static final String BATCH = "batch";
    private static final String OCTETS = "application/octet-stream";

    private final Assignments assignments;
    private final OwnerRouting routing;
    private final BatchRules rules;
    private final ByteBudget bodies;
    private final LineStreams streams;
    private final NodeMetrics metrics;

    public AppendResource(
            Assignments assignments,
            OwnerRouting routing,
            BatchRules rules,
            ByteBudget bodies,
            LineStreams streams,
            NodeMetrics metrics) {
        this.assignments = assignments;
        this.routing = routing;
        this.rules = rules;
        this.bodies = bodies;
        this.streams = streams;
        this.metrics = metrics;
    }

    public void routes(Router router) {
        router.add("POST", "/v1/pchannels/{p}/records", this::append);
    }

    private void append(Exchange exchange) {
        var pchannel = exchange.pchannel();
        var type = exchange.contentType(OCTETS, Exchange.JSON, Frames.MEDIA_TYPE, LineStream.NDJSON);
        var key = exchange.header(IDEMPOTENCY_KEY);
        var writer = key == null ? null : WriterSeq.parse(key);
        if (type.equals(LineStream.NDJSON)) {
            lines(exchange, pchannel, writer);
            return;
        }
        var parser = parser(exchange, type);
        exchange.accepted(Exchange.JSON);
        receive(exchange, routing.route(exchange, pchannel), pchannel, body -> by(writer, parser.apply(body)));
    }

    /** Returns what makes an append of a body of this type. Checks the query, before the body is read. */
    private Function<byte[], AppendRequest> parser(Exchange exchange, String type) {
        var operation = exchange.operation();
        var query = exchange.query();
        switch (type) {
            case Exchange.JSON -> {
                var format = Format.ofAppend(query.allow(Format.PARAMETER));
                return body -> BatchJson.parse(operation, body, format, rules);
            }
            case Frames.MEDIA_TYPE -> {
                var ifTail = query.allow(IF_TAIL).text(IF_TAIL).isPresent()
                        ? query.number(IF_TAIL, 0, 0, Long.MAX_VALUE)
                        : null;
                return body -> BatchFrames.parse(operation, body, ifTail, rules);
            }
            default -> {
                query.allow();
                return body -> one(operation, body);
            }
        }
    }

    /** Starts a stream of lines. With a session each batch has as many lines as the query says, so that it can be sent again. */
    private void lines(Exchange exchange, PChannel pchannel, @Nullable WriterSeq first) {
        exchange.accepted(LineStream.NDJSON);
        var query = exchange.query().allow(Format.PARAMETER, BATCH);
        if (first == null && query.text(BATCH).isPresent()) {
            throw query.invalid(
                    BATCH + " without a writer session",
                    "the header " + IDEMPOTENCY_KEY + ": <session>/<first number>");
        }
        var batchLines =
                first == null ? BatchRules.MOST_RECORDS : (int) query.number(BATCH, 1, 1, BatchRules.MOST_RECORDS);
        var format = Format.ofAppend(query);
        startLines(exchange, routing.route(exchange, pchannel), pchannel, wal -> {
            var claim = exchange.claim(bodies);
            var lines = new LineParser(exchange.operation(), format, rules, claim);
            return new LineStream(
                    exchange, lines, claim, request -> append(wal, request), first, batchLines, rules.recordMaxBytes());
        });
    }

    /** Starts the stream once the log is open here, with the log of this term: one of a later term would not keep the order. */
    private void startLines(
            Exchange exchange, OwnerRouting.Routed routed, PChannel pchannel, Function<Wal, LineStream> stream) {
        Wal wal;
        try {
            wal = assignments.ownedWal(pchannel);
        } catch (WalException e) {
            routed.failed(e, 0, () -> startLines(exchange, routed, pchannel, stream));
            return;
        }
        streams.start(exchange, stream.apply(wal));
    }

    /** Reads the body once the log is open here: before that, the request may be one for another node. */
    private void receive(
            Exchange exchange, OwnerRouting.Routed routed, PChannel pchannel, Function<byte[], AppendRequest> parser) {
        try {
            assignments.ownedWal(pchannel);
        } catch (WalException e) {
            routed.failed(e, 0, () -> receive(exchange, routed, pchannel, parser));
            return;
        }
        exchange.when(
                exchange.body(HttpLimits.BODY_BYTES, bodies),
                body -> append(exchange, routed, pchannel, parser.apply(body), body.length),
                exchange::fail);
    }

    /** Appends. A request that is held keeps its records, which take about as much memory as its body. */
    private void append(
            Exchange exchange, OwnerRouting.Routed routed, PChannel pchannel, AppendRequest request, int bodyBytes) {
        Runnable again = () -> append(exchange, routed, pchannel, request, bodyBytes);
        try {
            exchange.when(
                    append(assignments.ownedWal(pchannel), request),
                    done -> answer(exchange, done),
                    failure -> routed.failed(failure, bodyBytes, again));
        } catch (WalException e) {
            routed.failed(e, bodyBytes, again);
        }
    }

    private AppendRequest one(String operation, byte[] body) {
        var record = WalRecord.of(body);
        rules.check(operation, record, 0);
        return AppendRequest.of(List.of(record));
    }

    /** Merges the writer session of the header with that of the body; if both name one, they must be equal. */
    private static AppendRequest by(@Nullable WriterSeq writer, AppendRequest request) {
        if (writer != null && request.writer() != null && !writer.equals(request.writer())) {
            throw Problem.of(ErrorCode.INVALID, "append as a batch of a writer session")
                    .found("header " + IDEMPOTENCY_KEY + " " + writer + " and member writer " + request.writer())
                    .expected("only one of them, or the same in both")
                    .exception();
        }
        return writer == null ? request : request.by(writer);
    }

    private CompletableFuture<Appended> append(Wal wal, AppendRequest request) {
        var bytes = request.batch().stream().mapToLong(WalRecord::sizeBytes).sum();
        return CountedAppend.append(wal, request, bytes, metrics);
    }

    private static void answer(Exchange exchange, Appended appended) {
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeNumberField("term", appended.term());
            json.writeNumberField("first", appended.first());
            json.writeNumberField("last", appended.last());
            json.writeNumberField("tail", appended.tail());
            if (appended.repeated()) {
                json.writeBooleanField("repeated", true);
            }
            json.writeEndObject();
        });
    }
}
