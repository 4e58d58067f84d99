package io.seawall.node.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A small JSON object of numbers, booleans and strings; all its members are known. */
public final class FlatJson {
    /** Control characters, ends of lines, and halves of surrogate pairs. */
    private static final Pattern NOT_ON_A_LINE = Pattern.compile("[\\p{Cc}\\p{Cs}\\u2028\\u2029]");

    /** A value of a kind that no member has; who asks for the member knows which kind it should have. */
    private record Other(String kind) {}

    private final String operation;
    private final Map<String, Object> members = new HashMap<>();

    private FlatJson(String operation) {
        this.operation = operation;
    }

    /**
     * Parses an object.
     *
     * @throws io.seawall.wal.RequestException with code INVALID for anything else, and for unknown members
     */
    public static FlatJson parse(String operation, byte[] body, Set<String> known) {
        var object = new FlatJson(operation);
        try (var json = JsonStreams.parser(operation, body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw object.invalid(
                        "a body that is not a JSON object",
                        known.isEmpty() ? "none, or {}" : "a JSON object with " + new TreeSet<>(known));
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                object.member(json, known);
            }
            if (json.nextToken() != null) {
                throw object.invalid("more after the JSON object", "one JSON object");
            }
        } catch (JsonProcessingException e) {
            throw JsonStreams.broken(operation, e);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory does not fail", e);
        }
        return object;
    }

    private void member(JsonParser json, Set<String> known) throws IOException {
        var name = json.currentName();
        if (!known.contains(name)) {
            throw invalid(
                    "member " + Shown.text(name),
                    known.isEmpty() ? "none: no body, or {}" : "only " + new TreeSet<>(known));
        }
        var value = switch (json.nextToken()) {
            case VALUE_NUMBER_INT -> (Object) number(json, name);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> json.getText();
            default -> {
                var other = new Other(JsonKind.of(json.currentToken()));
                json.skipChildren();
                yield other;
            }
        };
        if (members.put(name, value) != null) {
            throw invalid(name + " twice", "each member once");
        }
    }

    private long number(JsonParser json, String name) throws IOException {
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw invalid(name + " beyond 64 bits", "a number of at most 64 bits");
        }
        return json.getLongValue();
    }

    /** Returns a number within a range, or null if the member is missing. */
    @Nullable
    public Long number(String name, long min, long max) {
        var value = members.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Long number) || number < min || number > max) {
            throw invalid(
                    shown(name, value),
                    max == Long.MAX_VALUE
                            ? "a whole number of " + min + " or more"
                            : "a whole number from " + min + " to " + max);
        }
        return number;
    }

    /** Returns a text that passes a test, or null if the member is missing. */
    @Nullable
    public String matching(String name, Predicate<String> allowed, String expected) {
        var value = members.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text) || !allowed.test(text)) {
            throw invalid(shown(name, value), expected);
        }
        return text;
    }

    /** Returns a boolean, or null if the member is missing. */
    @Nullable
    public Boolean bool(String name) {
        var value = members.get(name);
        if (value != null && !(value instanceof Boolean)) {
            throw invalid(shown(name, value), "true or false");
        }
        return (Boolean) value;
    }

    /** Returns one of the allowed texts, or null if the member is missing. */
    @Nullable
    public String oneOf(String name, Set<String> allowed) {
        var value = members.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text) || !allowed.contains(text)) {
            throw invalid(shown(name, value), "one of " + new TreeSet<>(allowed));
        }
        return text;
    }

    /** Returns a text for people: not blank, on one line, of at most so many characters; or null if the member is missing. */
    @Nullable
    public String line(String name, int mostChars) {
        var value = members.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)
                || text.isBlank()
                || text.length() > mostChars
                || NOT_ON_A_LINE.matcher(text).find()) {
            throw invalid(
                    shown(name, value),
                    "a text on one line, of 1 to " + mostChars + " characters that are not all blank");
        }
        return text;
    }

    /** Returns the value; fails if it is null. */
    public <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw invalid("no member " + name, "a JSON object with " + name);
        }
        return value;
    }

    private static String shown(String name, Object value) {
        return value instanceof Other other ? other.kind() + " as " + name : name + " " + Shown.text(value.toString());
    }

    private WalException invalid(String found, String expected) {
        return Problem.of(ErrorCode.INVALID, operation)
                .found(found)
                .expected(expected)
                .exception();
    }
}
