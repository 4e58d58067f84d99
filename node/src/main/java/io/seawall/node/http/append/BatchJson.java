package io.seawall.node.http.append;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.node.http.exchange.Format;
import io.seawall.node.http.json.JsonKind;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.node.http.json.Shown;
import io.seawall.node.serve.BatchRules;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.Problem;
import io.seawall.wal.RequestException;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import io.seawall.wal.WriterSeq;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"records":[{"key","value","headers":[{"key","value"}]}],"ifTail":n,"writer":{"id","seq"}}} in one pass.
 * Rejects unknown members, because ignoring one would break a promise to the client.
 */
final class BatchJson {
    private final String operation;
    private final JsonParser json;
    private final Format format;
    private final BatchRules rules;
    private final List<WalRecord> records = new ArrayList<>();
    private @Nullable Long ifTail;
    private @Nullable WriterSeq writer;

    private BatchJson(String operation, JsonParser json, Format format, BatchRules rules) {
        this.operation = operation;
        this.json = json;
        this.format = format;
        this.rules = rules;
    }

    /**
     * Parses a batch.
     *
     * @throws RequestException with code INVALID or TOO_LARGE, naming the record and the rule
     */
    static AppendRequest parse(String operation, byte[] body, Format format, BatchRules rules) {
        try (var json = JsonStreams.parser(operation, body)) {
            var batch = new BatchJson(operation, json, format, rules);
            batch.read();
            return new AppendRequest(batch.records, batch.ifTail, batch.writer);
        } catch (JsonProcessingException e) {
            throw JsonStreams.broken(operation, e);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory does not fail", e);
        }
    }

    private void read() throws IOException {
        expect(json.nextToken(), JsonToken.START_OBJECT, "a JSON object with records");
        var found = new HashSet<String>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            once(found.add(name), name);
            json.nextToken();
            switch (name) {
                case "records" -> readRecords();
                case "ifTail" -> ifTail = readNumber(name);
                case "writer" -> writer = readWriter();
                default -> throw unknown(name, "records, ifTail and writer");
            }
        }
        if (!found.contains("records")) {
            throw invalid("no member records", "a JSON object with records");
        }
        if (json.nextToken() != null) {
            throw invalid("more after the JSON object", "one JSON object");
        }
        rules.checkNotEmpty(operation, records);
    }

    private void readRecords() throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY, "an array of records");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.START_OBJECT, "a record as a JSON object");
            rules.checkRoom(operation, records.size());
            var record = readRecord();
            rules.check(operation, record, records.size());
            records.add(record);
        }
    }

    private WriterSeq readWriter() throws IOException {
        expect(json.currentToken(), JsonToken.START_OBJECT, "a writer session as a JSON object");
        String id = null;
        Long seq = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            switch (name) {
                case "id" -> {
                    once(id == null, name);
                    expect(json.currentToken(), JsonToken.VALUE_STRING, "the session's id as a string");
                    id = json.getText();
                }
                case "seq" -> {
                    once(seq == null, name);
                    seq = readNumber(name);
                }
                default -> throw unknown(name, "id and seq");
            }
        }
        if (id == null || seq == null) {
            throw invalid("a writer without " + (id == null ? "id" : "seq"), "{\"id\":...,\"seq\":...}");
        }
        return new WriterSeq(id, seq);
    }

    private long readNumber(String name) throws IOException {
        expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, name + " as a whole number from 0 on");
        var fits = json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!fits || json.getLongValue() < 0) {
            throw invalid(
                    name + (fits ? " " + json.getLongValue() : " beyond 64 bits"),
                    "a whole number from 0 to " + Long.MAX_VALUE);
        }
        return json.getLongValue();
    }

    private WalRecord readRecord() throws IOException {
        byte[] key = null;
        byte[] value = null;
        var hasKey = false; // a key may be present and null
        var hasValue = false;
        List<Header> headers = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            switch (name) {
                case "key" -> {
                    once(!hasKey, name);
                    hasKey = true;
                    key = bytes(name);
                }
                case "value" -> {
                    once(!hasValue, name);
                    hasValue = true;
                    value = bytes(name);
                }
                case "headers" -> {
                    once(headers == null, name);
                    headers = readHeaders();
                }
                default -> throw unknown(name, "key, value and headers");
            }
        }
        return new WalRecord(key, value, headers == null ? List.of() : headers);
    }

    private List<Header> readHeaders() throws IOException {
        var headers = new ArrayList<Header>();
        expect(json.currentToken(), JsonToken.START_ARRAY, "an array of headers");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.START_OBJECT, "a header as a JSON object");
            headers.add(readHeader());
        }
        return headers;
    }

    private Header readHeader() throws IOException {
        String key = null;
        byte[] value = null;
        var hasValue = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            switch (name) {
                case "key" -> {
                    once(key == null, name);
                    expect(json.currentToken(), JsonToken.VALUE_STRING, "the header's key as a string");
                    key = json.getText();
                }
                case "value" -> {
                    once(!hasValue, name);
                    hasValue = true;
                    value = bytes(name);
                }
                default -> throw unknown(name, "key and value");
            }
        }
        if (key == null) {
            throw invalid("a header without key", "{\"key\":...,\"value\":...}");
        }
        return new Header(key, value);
    }

    private byte @Nullable [] bytes(String name) throws IOException {
        try {
            return format.read(json);
        } catch (Format.NotBytes e) {
            var found = json.currentToken() == JsonToken.VALUE_STRING
                    ? "a " + name + " that is not " + format.name().toLowerCase(Locale.ROOT)
                    : JsonKind.of(json.currentToken()) + " as " + name;
            throw problem(found, e.expected()).cause(e).exception();
        }
    }

    /** Rejects a member that occurs twice: one of the two values would be lost silently. */
    private void once(boolean first, String name) {
        if (!first) {
            throw invalid(Shown.text(name) + " twice", "each member once");
        }
    }

    private void expect(@Nullable JsonToken found, JsonToken token, String expected) {
        if (found != token) {
            throw invalid(JsonKind.of(found), expected);
        }
    }

    private WalException unknown(String name, String known) {
        return invalid("member " + Shown.text(name), "only " + known);
    }

    private WalException invalid(String found, String expected) {
        return problem(found, expected).exception();
    }

    private Problem problem(String found, String expected) {
        var at = json.currentLocation();
        return Problem.of(ErrorCode.INVALID, operation)
                .found(found + " at line " + at.getLineNr() + ", column " + at.getColumnNr() + " (record "
                        + records.size() + ")")
                .expected(expected);
    }
}
