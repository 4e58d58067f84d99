package io.seawall.node.http.append;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.node.http.exchange.BodyClaim;
import io.seawall.node.http.exchange.Format;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.node.serve.BatchRules;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.RequestException;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads records, one a line, from pieces of any size. Lines without a record count, so that a client can send them to show that it is
 * there. Used by one thread at a time, apart from {@link #partBytes} and {@link #line}.
 */
final class LineParser {
    private static final int FIRST_BYTES = 16 << 10;

    /** A larger array is not kept when nothing is in it. */
    private static final int KEPT_BYTES = 256 << 10;

    private final String operation;
    private final Format format;
    private final BatchRules rules;
    private final BodyClaim claim;
    private byte[] bytes = new byte[0];
    private int start; // of the next line
    private int scanned; // there is no end of a line from start to here
    private int end;
    private long count;
    private volatile long line; // a copy of the count of lines that have ended; read by any thread, like the next one
    private volatile int partBytes;

    /**
     * Creates a parser without input.
     *
     * @param operation what the client wants, for errors
     * @param claim pays for the bytes that wait for the end of their line
     */
    LineParser(String operation, Format format, BatchRules rules, BodyClaim claim) {
        this.operation = operation;
        this.format = format;
        this.rules = rules;
        this.claim = claim;
    }

    /** Returns the number of the line that ended last, from 1. */
    long line() {
        return line;
    }

    /** Returns how many bytes there are of a line that has not ended. */
    int partBytes() {
        return partBytes;
    }

    /**
     * Takes the rest of a piece. Call {@link #next} until it returns null before the next piece.
     *
     * @throws WalException with code TOO_LARGE for a line that is too long, OVERLOADED if there is no room for it
     */
    void feed(ByteBuffer piece) {
        var more = piece.remaining();
        if (end - start + more > HttpLimits.LINE_BYTES) {
            line = ++count;
            throw Problem.of(ErrorCode.TOO_LARGE, operation)
                    .found("a line of more bytes")
                    .expected("at most " + HttpLimits.LINE_BYTES + " bytes a line")
                    .with("limit", HttpLimits.LINE_BYTES)
                    .exception();
        }
        makeRoom(more);
        piece.get(bytes, end, more);
        end += more;
    }

    private void makeRoom(int more) {
        var held = end - start;
        if (held + more > bytes.length || (held == 0 && bytes.length > KEPT_BYTES)) {
            var size = Math.max(FIRST_BYTES, held + more);
            var larger = held == 0 ? size : Math.max(size, Math.min(HttpLimits.LINE_BYTES, 2 * bytes.length));
            claim.take(larger);
            var moved = new byte[larger];
            System.arraycopy(bytes, start, moved, 0, held);
            claim.give(bytes.length);
            bytes = moved;
        } else if (start > 0) {
            System.arraycopy(bytes, start, bytes, 0, held);
        }
        scanned -= start;
        start = 0;
        end = held;
    }

    /**
     * Returns the record of the next whole line, or null if there is none.
     *
     * @throws RequestException with code INVALID or TOO_LARGE for a line that is no record to append
     */
    @Nullable
    WalRecord next() {
        while (scanned < end) {
            if (bytes[scanned++] == '\n') {
                var record = record(scanned - 1);
                if (record != null) {
                    return record;
                }
            }
        }
        partBytes = end - start;
        return null;
    }

    /** Returns the record behind the last end of a line, once the body has ended; null if there is none. */
    @Nullable
    WalRecord rest() {
        partBytes = 0;
        return start == end ? null : record(end);
    }

    private @Nullable WalRecord record(int to) {
        var from = start;
        start = Math.min(to + 1, end);
        line = ++count;
        partBytes = 0;
        if (isBlank(from, to)) {
            return null;
        }
        var record = parse(from, to - from);
        rules.check(operation, record, "line", line);
        return record;
    }

    private boolean isBlank(int from, int to) {
        for (var at = from; at < to; at++) {
            if (bytes[at] != ' ' && bytes[at] != '\t' && bytes[at] != '\r') {
                return false;
            }
        }
        return true;
    }

    private WalRecord parse(int from, int length) {
        try (var json = JsonStreams.parser(operation, bytes, from, length, "line " + line)) {
            return parse(json);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found("malformed JSON at line " + line + (at == null ? "" : ", column " + at.getColumnNr()))
                    .expected("a JSON object on one line, in UTF-8 according to RFC 8259")
                    .exception();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory does not fail", e);
        }
    }

    private WalRecord parse(JsonParser json) throws IOException {
        var parser = new RecordParser(operation, json, format, at -> "line " + line + ", column " + at.getColumnNr());
        parser.expect(json.nextToken(), JsonToken.START_OBJECT, "a record as a JSON object");
        var record = parser.record();
        if (json.nextToken() != null) {
            throw parser.invalid("more after the JSON object", "one JSON object a line");
        }
        return record;
    }
}
