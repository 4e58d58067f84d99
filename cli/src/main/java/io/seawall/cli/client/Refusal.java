package io.seawall.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.command.Json;
import io.seawall.wal.Effect;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Parses answers that are not 2xx: problem+json of a node, or anything of another server. */
final class Refusal {
    private static final int LONGEST_BODY_BYTES = 1 << 16;
    private static final int LONGEST_SHOWN_CHARS = 200;

    private Refusal() {}

    static NodeFailure read(HttpResponse<InputStream> response, Effect ifNotSaid) throws IOException {
        byte[] body;
        try (var in = response.body()) {
            body = in.readNBytes(LONGEST_BODY_BYTES);
        }
        var problem = parse(body);
        var code = problem.path("code");
        if (!code.isTextual()) {
            return new NodeFailure("HTTP_" + response.statusCode(), ifNotSaid, foreign(response, body));
        }
        var effect = effect(problem.path("effect").asText(), ifNotSaid);
        var detail = problem.path("detail").asText(problem.path("title").asText("no detail given"));
        return new NodeFailure(code.asText(), effect, oneLine(detail) + consequence(effect, isAppend(response)));
    }

    private static JsonNode parse(byte[] body) throws IOException {
        try {
            return Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return Json.object(); // not a problem of a node: the caller shows the text unchanged
        }
    }

    private static Effect effect(String text, Effect ifNotSaid) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "none" -> Effect.NONE;
            case "applied" -> Effect.APPLIED;
            case "unknown" -> Effect.UNKNOWN;
            default -> ifNotSaid;
        };
    }

    private static boolean isAppend(HttpResponse<InputStream> response) {
        return response.uri().getPath().endsWith("/records");
    }

    private static String consequence(Effect effect, boolean isAppend) {
        return switch (effect) {
            case NONE -> "";
            case APPLIED -> isAppend ? " (it was written)" : " (it was done)";
            case UNKNOWN -> isAppend ? " (it may have been written: read the log to know)" : " (it may have been done)";
        };
    }

    private static String foreign(HttpResponse<InputStream> response, byte[] body) {
        var location = response.headers().firstValue("Location").map(to -> ", which points to " + to);
        var text = oneLine(new String(body, StandardCharsets.UTF_8));
        var shown = text.length() > LONGEST_SHOWN_CHARS ? text.substring(0, LONGEST_SHOWN_CHARS) + "..." : text;
        return "answer of " + response.uri() + location.orElse("") + (shown.isEmpty() ? "" : ": " + shown);
    }

    /** Returns the text on one line, without terminal control sequences. */
    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?");
    }
}
