package io.seawall.node.http.append;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.node.http.exchange.Format;
import io.seawall.node.http.json.JsonKind;
import io.seawall.node.http.json.Shown;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"key","value","headers":[{"key","value"}]}}. Rejects unknown members, because ignoring one would break a promise to
 * the client, and members that occur twice, because one of the two values would be lost silently.
 */
final class RecordParser {
    private final String operation;
    private final JsonParser json;
    private final Format format;
    private final Place place;

    /** Describes a place in a body for an error, as in {@code line 1, column 2}. */
    @FunctionalInterface
    interface Place {
        String of(JsonLocation location);
    }

    RecordParser(String operation, JsonParser json, Format format, Place place) {
        this.operation = operation;
        this.json = json;
        this.format = format;
        this.place = place;
    }

    /** Reads the object whose start is the parser's current token. */
    WalRecord record() throws IOException {
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
                    headers = headers();
                }
                default -> throw unknown(name, "key, value and headers");
            }
        }
        return new WalRecord(key, value, headers == null ? List.of() : headers);
    }

    private List<Header> headers() throws IOException {
        var headers = new ArrayList<Header>();
        expect(json.currentToken(), JsonToken.START_ARRAY, "an array of headers");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.START_OBJECT, "a header as a JSON object");
            headers.add(header());
        }
        return headers;
    }

    private Header header() throws IOException {
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

    /** Rejects a member that occurs twice. */
    void once(boolean first, String name) {
        if (!first) {
            throw invalid(Shown.text(name) + " twice", "each member once");
        }
    }

    void expect(@Nullable JsonToken found, JsonToken token, String expected) {
        if (found != token) {
            throw invalid(JsonKind.of(found), expected);
        }
    }

    WalException unknown(String name, String known) {
        return invalid("member " + Shown.text(name), "only " + known);
    }

    WalException invalid(String found, String expected) {
        return problem(found, expected).exception();
    }

    private Problem problem(String found, String expected) {
        return Problem.of(ErrorCode.INVALID, operation)
                .found(found + " at " + place.of(json.currentLocation()))
                .expected(expected);
    }
}
