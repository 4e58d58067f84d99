package io.seawall.node.http.json;

import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

/** Names the kind of a JSON value for an error message. */
public final class JsonKind {
    private JsonKind() {}

    /** Returns the name with an article, as in {@code a string}. */
    public static String of(@Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a number that is not whole";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "no value";
        };
    }
}
