package io.seawall.node.http.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Jackson's streaming factory with the settings of this package. */
public final class JsonStreams {
    private static final int DEEPEST = 100;

    /**
     * Allows strings of any length, because bodies have a limit of their own. Source snippets are off, because they would put
     * payload into messages.
     */
    public static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(DEEPEST) // a value of a record may be any JSON
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .rootValueSeparator("")
            .build();

    private JsonStreams() {}

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** Returns the value's bytes; for small answers. */
    public static byte[] bytes(Body body) {
        return bytes(body, false);
    }

    /**
     * Returns the value's bytes with the end of a line, so that a terminal shows what follows on a line of its own.
     *
     * @param pretty whether to write each member on a line of its own
     */
    public static byte[] lines(Body body, boolean pretty) {
        return bytes(
                json -> {
                    body.write(json);
                    json.writeRaw('\n');
                },
                pretty);
    }

    private static byte[] bytes(Body body, boolean pretty) {
        var out = new ByteArrayOutputStream(512);
        try (var json = FACTORY.createGenerator(out)) {
            if (pretty) {
                json.useDefaultPrettyPrinter();
            }
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory does not fail", e);
        }
        return out.toByteArray();
    }

    /**
     * Creates a parser of a request's body.
     *
     * @throws io.seawall.wal.RequestException with code INVALID if the body is not UTF-8, because Jackson accepts some
     *     malformed input
     */
    public static JsonParser parser(String operation, byte[] body) throws IOException {
        return parser(operation, body, 0, body.length, "the body");
    }

    /**
     * Creates a parser of a part of an array.
     *
     * @param from where the part begins
     * @param length how many bytes it has
     * @param part what it is, for errors
     * @throws io.seawall.wal.RequestException with code INVALID if it is not UTF-8
     */
    public static JsonParser parser(String operation, byte[] bytes, int from, int length, String part)
            throws IOException {
        var malformed = Utf8.firstMalformed(bytes, from, length);
        if (malformed >= 0) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found("bytes that are not UTF-8 at offset " + malformed + " of " + part)
                    .expected("JSON in UTF-8 according to RFC 8259")
                    .exception();
        }
        return FACTORY.createParser(bytes, from, length);
    }

    /** Describes why a body cannot be parsed: the place, but none of its content. */
    public static WalException broken(String operation, JsonProcessingException error) {
        if (error instanceof StreamConstraintsException) {
            return Problem.of(ErrorCode.INVALID, operation)
                    .found("JSON beyond a limit")
                    .expected("JSON with at most " + DEEPEST + " levels, and numbers and names of a usual length")
                    .exception();
        }
        var at = error.getLocation();
        var place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return Problem.of(ErrorCode.INVALID, operation)
                .found("malformed JSON" + place)
                .expected("JSON in UTF-8 according to RFC 8259")
                .exception();
    }
}
