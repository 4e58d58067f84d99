package io.seawall.node.http.read;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.node.guard.Session;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.HttpErrors;
import io.seawall.node.http.exchange.ProblemJson;
import io.seawall.node.http.frames.FrameWriter;
import io.seawall.node.http.frames.Frames;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Serves reads that have an end: a page as one JSON object, one record per line, or one record per frame. Blocks a thread of its pool. */
public final class PageReads {
    static final int BUFFER_BYTES = 64 << 10;

    private final ReaderPool readers;
    private final NodeMetrics metrics;
    private final BooleanSupplier stopping;

    public PageReads(ReaderPool readers, NodeMetrics metrics, BooleanSupplier stopping) {
        this.readers = readers;
        this.metrics = metrics;
        this.stopping = stopping;
    }

    /** Receives the records. */
    @FunctionalInterface
    private interface Taker {
        void take(LogRecord record) throws IOException;
    }

    /** Answers with a page. Collects it before sending the first byte, so that an error still has its own status. */
    void page(Exchange exchange, ReadRequest request) {
        var records = new ArrayList<LogRecord>();
        LogBounds bounds;
        long next;
        var cursor = readers.take(request.pchannel(), request.from(), request.view());
        try {
            cursor.updateBounds();
            drain(cursor, exchange.session(), request, records::add);
            next = cursor.nextLsn();
            bounds = cursor.bounds();
        } catch (IOException | RuntimeException e) {
            readers.drop(cursor);
            exchange.fail(e);
            return;
        }
        readers.give(cursor); // before the answer, because the client may request the next page at once
        write(exchange, request, records, new Page(next, bounds));
    }

    private record Page(long next, LogBounds bounds) {}

    private static void write(Exchange exchange, ReadRequest request, List<LogRecord> records, Page page) {
        var out = new BufferedOutputStream(exchange.stream(200, Exchange.JSON), BUFFER_BYTES);
        try (var json = JsonStreams.FACTORY.createGenerator(out)) {
            if (exchange.isPretty()) {
                json.useDefaultPrettyPrinter();
            }
            json.writeStartObject();
            json.writeArrayFieldStart("records");
            for (var record : records) {
                RecordJson.write(json, record, request.format());
            }
            json.writeEndArray();
            json.writeNumberField("next", page.next());
            json.writeNumberField("tail", page.bounds().tail());
            json.writeNumberField("oldest", page.bounds().oldest());
            json.writeEndObject();
            json.writeRaw('\n');
            json.flush();
        } catch (IOException e) {
            exchange.fail(e);
            return;
        }
        exchange.end(out);
    }

    /** Answers with one record per line; after the first byte an error becomes the last line. */
    void lines(Exchange exchange, ReadRequest request) {
        stream(exchange, request, ReadResource.NDJSON, PageReads::lines);
    }

    /** Answers with one record per frame, and a last frame that says where to go on; an error becomes the last frame. */
    void frames(Exchange exchange, ReadRequest request) {
        stream(exchange, request, Frames.MEDIA_TYPE, PageReads::frames);
    }

    /** Writes the records of a read, and an error if it fails before its end. */
    @FunctionalInterface
    private interface Form {
        /** Returns whether all that was requested is written; otherwise the last thing is an error. */
        boolean write(Running read, OutputStream out) throws IOException;
    }

    /** A read whose answer has begun. */
    private record Running(PageReads reads, Exchange exchange, ReadRequest request, LookaheadReader cursor) {
        void drain(Taker taker) throws IOException {
            reads.drain(cursor, exchange.session(), request, taker);
        }
    }

    private void stream(Exchange exchange, ReadRequest request, String type, Form form) {
        var cursor = readers.take(request.pchannel(), request.from(), request.view());
        OutputStream out;
        try {
            cursor.updateBounds();
            out = new BufferedOutputStream(exchange.stream(200, type), BUFFER_BYTES);
            // Give the cursor back before the answer ends, because the client may request the next records at once.
            if (form.write(new Running(this, exchange, request, cursor), out)) {
                readers.give(cursor);
            } else {
                readers.drop(cursor);
            }
        } catch (IOException | RuntimeException e) {
            readers.drop(cursor);
            exchange.fail(e);
            return;
        }
        exchange.end(out);
    }

    private static boolean lines(Running read, OutputStream out) throws IOException {
        var whole = true;
        try (var json = JsonStreams.FACTORY.createGenerator(out)) {
            try {
                read.drain(record -> {
                    RecordJson.write(json, record, read.request().format());
                    json.writeRaw('\n');
                });
            } catch (RuntimeException e) {
                whole = false;
                writeError(json, read.exchange().failure(e));
            }
            json.flush();
        }
        return whole;
    }

    private static boolean frames(Running read, OutputStream out) throws IOException {
        var frames = new FrameWriter(out);
        try {
            read.drain(frames::record);
        } catch (RuntimeException e) {
            frames.error(read.exchange().failure(e).json());
            return false;
        }
        var bounds = read.cursor().bounds();
        frames.end(read.cursor().nextLsn(), bounds.tail(), bounds.oldest());
        return true;
    }

    static void writeError(JsonGenerator json, HttpErrors.Answer answer) throws IOException {
        json.writeStartObject();
        json.writeFieldName("error");
        ProblemJson.write(json, answer);
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private void drain(LookaheadReader cursor, Session session, ReadRequest request, Taker taker) throws IOException {
        var count = 0;
        var bytes = 0L;
        var wait = request.waitTime();
        try {
            while (count < request.limit()) {
                var record = cursor.peek(wait, stopping);
                if (record == null || (count > 0 && bytes + record.data().sizeBytes() > request.maxBytes())) {
                    return;
                }
                session.check();
                taker.take(record);
                cursor.advance();
                count++;
                bytes += record.data().sizeBytes();
                wait = Duration.ZERO; // wait for the first record only
            }
        } finally {
            metrics.read(request.pchannel(), count);
        }
    }
}
