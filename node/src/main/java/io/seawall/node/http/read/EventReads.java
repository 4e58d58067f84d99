package io.seawall.node.http.read;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.node.guard.Session;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.ProblemJson;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.node.metrics.NodeMetrics;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Streams server-sent events without an end. Each record has its LSN as id, so that a browser resumes by itself. Sends the
 * tail every five seconds, which also detects clients that are gone. Blocks a thread of its pool.
 */
public final class EventReads {
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final int FLUSH_RECORDS = 500;

    private final ReaderPool readers;
    private final NodeMetrics metrics;
    private final BooleanSupplier stopping;
    private final LongSupplier nanoTime;
    private final Duration tailEvery;

    public EventReads(
            ReaderPool readers,
            NodeMetrics metrics,
            BooleanSupplier stopping,
            LongSupplier nanoTime,
            Duration tailEvery) {
        this.readers = readers;
        this.metrics = metrics;
        this.stopping = stopping;
        this.nanoTime = nanoTime;
        this.tailEvery = tailEvery;
    }

    /**
     * Serves until the client disconnects, the node stops or the log fails. If the log fails, the last event is
     * {@code event: error}.
     */
    void serve(Exchange exchange, ReadRequest request) {
        var cursor = readers.take(request.pchannel(), request.from(), request.view());
        try {
            cursor.updateBounds();
            var out = new BufferedOutputStream(
                    exchange.stream(200, ReadResource.EVENTS + ";charset=utf-8"), PageReads.BUFFER_BYTES);
            serve(exchange, request, cursor, out);
            exchange.end(out);
        } catch (IOException e) {
            exchange.fail(e);
        } finally {
            readers.drop(cursor);
        }
    }

    private void serve(Exchange exchange, ReadRequest request, LookaheadReader cursor, OutputStream out)
            throws IOException {
        try (var json = JsonStreams.FACTORY.createGenerator(out)) {
            try {
                writeTail(json, cursor);
                flush(json, out);
                if (!exchange.isHead()) { // the answer to HEAD ends
                    follow(request, exchange.session(), cursor, json, out);
                }
            } catch (RuntimeException e) {
                json.writeRaw("event: error\ndata: ");
                ProblemJson.write(json, exchange.failure(e));
                json.writeRaw("\n\n");
            }
            flush(json, out);
        }
    }

    private void follow(
            ReadRequest request, Session session, LookaheadReader cursor, JsonGenerator json, OutputStream out)
            throws IOException {
        var tailSentNanos = nanoTime.getAsLong();
        var unflushed = 0;
        while (!stopping.getAsBoolean()) {
            session.check();
            var record = cursor.peek(unflushed == 0 ? WAIT : Duration.ZERO, stopping);
            if (record != null) {
                json.writeRaw("id: " + record.lsn() + "\ndata: ");
                RecordJson.write(json, record, request.format());
                json.writeRaw("\n\n");
                cursor.advance();
                unflushed++;
            }
            if (unflushed > 0 && (record == null || unflushed == FLUSH_RECORDS)) {
                flush(json, out);
                metrics.read(request.pchannel(), unflushed);
                unflushed = 0;
            }
            if (nanoTime.getAsLong() - tailSentNanos >= tailEvery.toNanos()) {
                cursor.updateBounds();
                writeTail(json, cursor);
                flush(json, out);
                tailSentNanos = nanoTime.getAsLong();
            }
        }
    }

    private static void writeTail(JsonGenerator json, LookaheadReader cursor) throws IOException {
        var bounds = cursor.bounds();
        json.writeRaw("event: tail\ndata: ");
        json.writeStartObject();
        json.writeNumberField("tail", bounds.tail());
        json.writeNumberField("oldest", bounds.oldest());
        json.writeEndObject();
        json.writeRaw("\n\n");
    }

    private static void flush(JsonGenerator json, OutputStream out) throws IOException {
        json.flush();
        out.flush();
    }
}
