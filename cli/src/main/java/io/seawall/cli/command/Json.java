package io.seawall.cli.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The only JSON reader and writer of the commands. */
public final class Json {
    /** A page's records have at most 16 MiB, and base64 adds a third. */
    private static final int LONGEST_STRING_CHARS = 64 << 20;

    /** Leaves streams open and unflushed, because the callers that opened them close them. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LONGEST_STRING_CHARS)
                    .build())
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    public static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Returns the value as one line of text. */
    public static String line(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree in memory always has a text", e);
        }
    }

    /** Returns a member as text; empty if it is null or not there. */
    public static String text(JsonNode object, String name) {
        var value = object.path(name);
        return value.isNull() ? "" : value.asText();
    }

    /**
     * Returns the elements of an answer that is a list.
     *
     * @param body the array itself, or an object that contains it under the name
     */
    public static List<JsonNode> items(JsonNode body, String name) {
        var array = body.isArray() ? body : body.path(name);
        if (!array.isArray()) {
            throw new CommandFailed("BAD_ANSWER: expected a list of " + name + ", found " + line(body));
        }
        var items = new ArrayList<JsonNode>();
        array.forEach(items::add);
        return items;
    }

    /** Creates a parser that does not close its stream. */
    public static JsonParser parser(InputStream in) throws IOException {
        var parser = FACTORY.createParser(in);
        parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
        return parser;
    }
}
