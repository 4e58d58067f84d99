package io.seawall.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.seawall.node.http.exchange.Format;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.node.http.json.JsonValues;
import io.seawall.node.http.json.Utf8;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

/** How the bytes of records are written on a terminal and in arguments; means the same as the parameter {@code format} of HTTP. */
public enum ValueFormat {
    /** As they are. */
    TEXT(Format.TEXT),
    /** JSON on one line. */
    JSON(Format.JSON),
    /** Base64 (RFC 4648, section 4). */
    BASE64(Format.BASE64),
    /** Only to read: JSON if it is that, else as it is if it is UTF-8, else base64. */
    AUTO(Format.AUTO);

    private static final String AS_BASE64 = "base64:";
    private static final String NOT_JSON =
            "a value that is not one JSON value, as in {\"item\":\"pen\"}; --format text takes plain text";

    private final Format ofApi;

    ValueFormat(Format ofApi) {
        this.ofApi = ofApi;
    }

    /** Returns the format of the API of the same name. */
    public Format ofApi() {
        return ofApi;
    }

    /** Returns what a line shows. What is not of this format is shown as base64 behind {@code base64:}, which is no JSON. */
    public byte[] shown(byte[] bytes) {
        return switch (this) {
            case TEXT -> bytes;
            case BASE64 -> Base64.getEncoder().encode(bytes);
            case JSON, AUTO -> json(bytes);
        };
    }

    private byte[] json(byte[] bytes) {
        var line = JsonValues.line(bytes);
        if (line != null) {
            return line.getBytes(UTF_8);
        }
        return this == AUTO && Utf8.firstMalformed(bytes, 0, bytes.length) < 0
                ? bytes
                : (AS_BASE64 + Base64.getEncoder().encodeToString(bytes)).getBytes(UTF_8);
    }

    /**
     * Returns the bytes that a text of this format means.
     *
     * @param given the text, in UTF-8
     * @throws IllegalArgumentException whose message says what was found and expected
     */
    public byte[] meant(byte[] given) {
        return switch (this) {
            case TEXT -> given;
            case BASE64 -> decoded(given);
            case JSON -> oneValue(given);
            case AUTO -> throw new IllegalArgumentException("format auto is for read; expected text, json or base64");
        };
    }

    private static byte[] decoded(byte[] given) {
        try {
            return Base64.getDecoder().decode(new String(given, UTF_8).strip());
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("a value that is not base64; --format text takes plain text", notBase64);
        }
    }

    private static byte[] oneValue(byte[] given) {
        if (Utf8.firstMalformed(given, 0, given.length) >= 0) {
            throw new IllegalArgumentException(
                    "a value that is not UTF-8, which JSON is; without --format any bytes are taken");
        }
        try (var json = JsonStreams.FACTORY.createParser(given)) {
            if (json.nextToken() != null) {
                var bytes = JsonValues.bytes(json);
                if (json.nextToken() == null) {
                    return bytes;
                }
            }
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(NOT_JSON, malformed);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory does not fail", e);
        }
        throw new IllegalArgumentException(NOT_JSON);
    }
}
