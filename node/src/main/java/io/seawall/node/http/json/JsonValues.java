package io.seawall.node.http.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** JSON values as the content of records. */
public final class JsonValues {
    /** Writes characters beyond 16 bits as UTF-8, not as two escapes. */
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private JsonValues() {}

    /**
     * Returns the current value of a parser as text in UTF-8: without spaces between its parts, with numbers as they were written.
     * Afterwards the parser is at the value's last token.
     *
     * @throws JsonProcessingException if it is malformed
     */
    public static byte[] bytes(JsonParser json) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var to = FACTORY.createGenerator(out)) {
            copy(json, to);
        }
        return out.toByteArray();
    }

    private static void copy(JsonParser from, JsonGenerator to) throws IOException {
        var depth = 0;
        do {
            switch (from.currentToken()) {
                case START_OBJECT -> {
                    to.writeStartObject();
                    depth++;
                }
                case START_ARRAY -> {
                    to.writeStartArray();
                    depth++;
                }
                case END_OBJECT -> {
                    to.writeEndObject();
                    depth--;
                }
                case END_ARRAY -> {
                    to.writeEndArray();
                    depth--;
                }
                case FIELD_NAME -> to.writeFieldName(from.currentName());
                case VALUE_STRING -> to.writeString(from.getText());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> to.writeNumber(from.getText());
                case VALUE_TRUE -> to.writeBoolean(true);
                case VALUE_FALSE -> to.writeBoolean(false);
                case VALUE_NULL -> to.writeNull();
                default -> throw new IllegalStateException("no token of JSON: " + from.currentToken());
            }
        } while (depth > 0 && from.nextToken() != null); // at the end of the input within a value the parser fails
    }

    /**
     * Returns bytes as a JSON value on one line.
     *
     * @return the same text without spaces between its parts; null if the bytes are not one JSON value, or are the text
     *     {@code null}, which a reader could not tell from a record without a value
     */
    public static @Nullable String line(byte[] bytes) {
        if (Utf8.firstMalformed(bytes, 0, bytes.length) >= 0 || !isOneValue(bytes)) {
            return null;
        }
        var line = withoutSpaces(bytes);
        return line.equals("null") ? null : line;
    }

    private static boolean isOneValue(byte[] bytes) {
        try (var json = JsonStreams.FACTORY.createParser(bytes)) {
            if (json.nextToken() == null) {
                return false;
            }
            json.skipChildren();
            json.getText(); // reads the rest of a string
            return json.nextToken() == null;
        } catch (JsonProcessingException malformed) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory does not fail", e);
        }
    }

    private static String withoutSpaces(byte[] json) {
        var kept = new byte[json.length];
        var length = 0;
        var inString = false;
        var escaped = false;
        for (var each : json) {
            if (!inString && (each == ' ' || each == '\t' || each == '\n' || each == '\r')) {
                continue;
            }
            kept[length++] = each;
            if (escaped) {
                escaped = false;
            } else if (inString && each == '\\') {
                escaped = true;
            } else if (each == '"') {
                inString = !inString;
            }
        }
        return new String(kept, 0, length, UTF_8);
    }
}
