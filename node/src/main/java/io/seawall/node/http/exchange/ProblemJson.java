package io.seawall.node.http.exchange;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.wal.ErrorCode;
import java.io.IOException;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes an error according to RFC 9457, with our own members after the standard ones. */
public final class ProblemJson {
    public static final String CONTENT_TYPE = "application/problem+json";

    private ProblemJson() {}

    /** Writes the object. The problem's numbers, such as tail, become members. */
    public static void write(JsonGenerator json, HttpErrors.Answer answer) throws IOException {
        var problem = answer.problem();
        json.writeStartObject();
        json.writeStringField("type", "urn:seawall:problem:" + lower(problem.code(), '-'));
        json.writeStringField("title", lower(problem.code(), ' '));
        json.writeNumberField("status", answer.status());
        json.writeStringField("detail", problem.message());
        json.writeStringField("code", problem.code().name());
        json.writeStringField("effect", problem.effect().name().toLowerCase(Locale.ROOT));
        optional(json, "pchannel", problem.pchannel());
        optional(json, "found", problem.found());
        optional(json, "expected", problem.expected());
        for (var number : new TreeMap<>(problem.numbers()).entrySet()) {
            json.writeNumberField(number.getKey(), number.getValue());
        }
        optional(json, "id", answer.id());
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value.toString());
        }
    }

    private static String lower(ErrorCode code, char space) {
        return code.name().toLowerCase(Locale.ROOT).replace('_', space);
    }
}
