package io.seawall.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The only JSON reader and writer of the commands. */
public final class Json {
    public static final ObjectMapper MAPPER = new ObjectMapper();

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
}
