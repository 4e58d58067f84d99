package io.seawall.node.http.append;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.node.http.exchange.Format;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.node.serve.BatchRules;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.RequestException;
import io.seawall.wal.WalRecord;
import io.seawall.wal.WriterSeq;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"records":[{"key","value","headers":[{"key","value"}]}],"ifTail":n,"writer":{"id","seq"}}} in one pass.
 * Rejects unknown members, because ignoring one would break a promise to the client.
 */
final class BatchJson {
    private final String operation;
    private final JsonParser json;
    private final BatchRules rules;
    private final RecordParser parser;
    private final List<WalRecord> records = new ArrayList<>();
    private boolean inRecords;
    private @Nullable Long ifTail;
    private @Nullable WriterSeq writer;

    private BatchJson(String operation, JsonParser json, Format format, BatchRules rules) {
        this.operation = operation;
        this.json = json;
        this.rules = rules;
        parser = new RecordParser(
                operation,
                json,
                format,
                at -> "line " + at.getLineNr() + ", column " + at.getColumnNr()
                        + (inRecords ? " (record " + records.size() + ")" : ""));
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
        parser.expect(json.nextToken(), JsonToken.START_OBJECT, "a JSON object with records");
        var found = new HashSet<String>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            parser.once(found.add(name), name);
            json.nextToken();
            switch (name) {
                case "records" -> {
                    inRecords = true;
                    readRecords();
                    inRecords = false;
                }
                case "ifTail" -> ifTail = readNumber(name);
                case "writer" -> writer = readWriter();
                default -> throw parser.unknown(name, "records, ifTail and writer");
            }
        }
        if (!found.contains("records")) {
            throw parser.invalid("no member records", "a JSON object with records");
        }
        if (json.nextToken() != null) {
            throw parser.invalid("more after the JSON object", "one JSON object");
        }
        rules.checkNotEmpty(operation, records);
    }

    private void readRecords() throws IOException {
        parser.expect(json.currentToken(), JsonToken.START_ARRAY, "an array of records");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            parser.expect(json.currentToken(), JsonToken.START_OBJECT, "a record as a JSON object");
            rules.checkRoom(operation, records.size());
            var record = parser.record();
            rules.check(operation, record, records.size());
            records.add(record);
        }
    }

    private WriterSeq readWriter() throws IOException {
        parser.expect(json.currentToken(), JsonToken.START_OBJECT, "a writer session as a JSON object");
        String id = null;
        Long seq = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            switch (name) {
                case "id" -> {
                    parser.once(id == null, name);
                    parser.expect(json.currentToken(), JsonToken.VALUE_STRING, "the session's id as a string");
                    id = json.getText();
                }
                case "seq" -> {
                    parser.once(seq == null, name);
                    seq = readNumber(name);
                }
                default -> throw parser.unknown(name, "id and seq");
            }
        }
        if (id == null || seq == null) {
            throw parser.invalid("a writer without " + (id == null ? "id" : "seq"), "{\"id\":...,\"seq\":...}");
        }
        return new WriterSeq(id, seq);
    }

    private long readNumber(String name) throws IOException {
        parser.expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, name + " as a whole number from 0 on");
        var fits = json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!fits || json.getLongValue() < 0) {
            throw parser.invalid(
                    name + (fits ? " " + json.getLongValue() : " beyond 64 bits"),
                    "a whole number from 0 to " + Long.MAX_VALUE);
        }
        return json.getLongValue();
    }
}
