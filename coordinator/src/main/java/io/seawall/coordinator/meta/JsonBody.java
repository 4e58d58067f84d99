package io.seawall.coordinator.meta;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The value of a record: a flat JSON object of texts, whole numbers and truth values, as everywhere in Seawall (decision 3).
 * Members of a later version, nested ones included, are skipped.
 */
final class JsonBody {
    /** The version that this code writes, and the highest that it reads. */
    static final long FORMAT = 1;

    private static final String FORMAT_MEMBER = "format";
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Object> members;

    private JsonBody(Map<String, Object> members) {
        this.members = members;
    }

    /** What a value lacks, or has too much of. */
    static final class BadBody extends Exception {
        private static final long serialVersionUID = 1L;

        BadBody(String message) {
            super(message, null, false, false);
        }
    }

    /** Starts a body to write. */
    static JsonBody create() {
        return new JsonBody(new LinkedHashMap<>()).with(FORMAT_MEMBER, FORMAT);
    }

    /** Parses a value and checks its format. */
    static JsonBody read(byte[] bytes) throws BadBody {
        var members = new LinkedHashMap<String, Object>();
        try (var parser = JSON.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadBody("no JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                parser.nextToken();
                readMember(parser, name, members);
            }
        } catch (IOException unreadable) {
            throw new BadBody("no JSON object");
        }
        var body = new JsonBody(members);
        var format = body.number(FORMAT_MEMBER);
        if (format < 1 || format > FORMAT) {
            throw new BadBody("format " + format + ", and this version reads up to " + FORMAT);
        }
        return body;
    }

    private static void readMember(JsonParser parser, String name, Map<String, Object> members) throws IOException {
        var token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            members.put(name, parser.getText());
        } else if (token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != NumberType.BIG_INTEGER) {
            members.put(name, parser.getLongValue());
        } else if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            members.put(name, parser.getBooleanValue());
        } else {
            parser.skipChildren();
        }
    }

    JsonBody with(String name, String value) {
        members.put(name, value);
        return this;
    }

    /** Leaves an empty text out. */
    JsonBody withText(String name, String value) {
        return value.isEmpty() ? this : with(name, value);
    }

    JsonBody with(String name, long value) {
        members.put(name, value);
        return this;
    }

    JsonBody with(String name, Instant value) {
        return with(name, value.toEpochMilli());
    }

    /** Leaves false out. */
    JsonBody withFlag(String name, boolean value) {
        if (value) {
            members.put(name, true);
        }
        return this;
    }

    byte[] toBytes() {
        var out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            for (var member : members.entrySet()) {
                if (member.getValue() instanceof Long number) {
                    json.writeNumberField(member.getKey(), number);
                } else if (member.getValue() instanceof Boolean flag) {
                    json.writeBooleanField(member.getKey(), flag);
                } else {
                    json.writeStringField(member.getKey(), (String) member.getValue());
                }
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /** Returns a text that must be there. */
    String text(String name) throws BadBody {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new BadBody("no text '" + name + "'");
    }

    /** Returns a text that may be left out. */
    String textOrEmpty(String name) {
        return members.get(name) instanceof String text ? text : "";
    }

    /** Returns a whole number that must be there. */
    long number(String name) throws BadBody {
        if (members.get(name) instanceof Long number) {
            return number;
        }
        throw new BadBody("no number '" + name + "'");
    }

    /** Returns a whole number that may be left out. */
    long numberOr(String name, long otherwise) {
        return members.get(name) instanceof Long number ? number : otherwise;
    }

    /** Returns a whole number between two bounds, both inclusive. */
    long number(String name, long least, long most) throws BadBody {
        var number = number(name);
        if (number < least || number > most) {
            throw new BadBody("'" + name + "' is " + number + ", expected " + least + " to " + most);
        }
        return number;
    }

    boolean flag(String name) {
        return members.get(name) instanceof Boolean flag && flag;
    }

    /** Returns a time; the epoch if it was left out, since times are for people. */
    Instant time(String name) {
        return toTime(numberOr(name, 0));
    }

    /** Returns a time that may be left out with a meaning of its own. */
    Optional<Instant> optionalTime(String name) {
        return members.get(name) instanceof Long number ? Optional.of(toTime(number)) : Optional.empty();
    }

    private static Instant toTime(long epochMs) {
        try {
            return Instant.ofEpochMilli(epochMs);
        } catch (DateTimeException impossible) {
            return Instant.EPOCH;
        }
    }
}
