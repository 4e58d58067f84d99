package io.seawall.node.http.exchange;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.node.http.json.JsonValues;
import io.seawall.node.http.json.Utf8;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How keys, values and header values stand in JSON. */
public enum Format {
    /** Base64 (RFC 4648, section 4): exact for any bytes. */
    BASE64,
    /** Text: reads replace bytes that are not UTF-8 with U+FFFD. */
    TEXT,
    /** Any JSON: its text is the bytes. Reads write other bytes as base64 and say so. */
    JSON,
    /** Only for reads: JSON if the bytes are that, else text if they are UTF-8, else base64; the last two say so. */
    AUTO;

    public static final String PARAMETER = "format";

    /** The end of the name of a member that names the format of another one. */
    private static final String OF_MEMBER = "Format";

    private static final Set<String> TO_READ = Set.of("base64", "text", "json", "auto");
    private static final Set<String> TO_APPEND = Set.of("base64", "text", "json");

    /** Returns the format that the query of a read requests. */
    public static Format of(Query query) {
        return of(query, TO_READ);
    }

    /** Returns the format that the query of an append requests. */
    public static Format ofAppend(Query query) {
        return of(query, TO_APPEND);
    }

    private static Format of(Query query, Set<String> allowed) {
        return valueOf(query.oneOf(PARAMETER, "base64", allowed).toUpperCase(Locale.ROOT));
    }

    /**
     * Writes a member with bytes, or null. If they are not of this format, another member names the one that was used, as in
     * {@code "valueFormat":"base64"}.
     */
    public void write(JsonGenerator json, String name, byte @Nullable [] bytes) throws IOException {
        json.writeFieldName(name);
        if (bytes == null) {
            json.writeNull();
            return;
        }
        switch (this) {
            case BASE64 -> writeBase64(json, bytes);
            case TEXT -> json.writeString(new String(bytes, StandardCharsets.UTF_8));
            case JSON, AUTO -> writeJson(json, name, bytes);
        }
    }

    private void writeJson(JsonGenerator json, String name, byte[] bytes) throws IOException {
        var value = JsonValues.line(bytes);
        if (value != null) {
            json.writeRawValue(value);
        } else if (this == AUTO && Utf8.firstMalformed(bytes, 0, bytes.length) < 0) {
            json.writeString(new String(bytes, StandardCharsets.UTF_8));
            json.writeStringField(name + OF_MEMBER, "text");
        } else {
            writeBase64(json, bytes);
            json.writeStringField(name + OF_MEMBER, "base64");
        }
    }

    private static void writeBase64(JsonGenerator json, byte[] bytes) throws IOException {
        json.writeBinary(Base64Variants.MIME_NO_LINEFEEDS, bytes, 0, bytes.length);
    }

    /**
     * Reads the current value of the parser; not for {@link #AUTO}.
     *
     * @return null for a JSON null
     * @throws NotBytes for anything that is not a string of this format
     */
    public byte @Nullable [] read(JsonParser json) throws IOException, NotBytes {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (this == JSON) {
            return JsonValues.bytes(json);
        }
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new NotBytes(this == TEXT ? "a string or null" : "a string of base64 or null");
        }
        if (this == TEXT) {
            return encoded(json.getText());
        }
        try {
            return Base64.getDecoder().decode(json.getText());
        } catch (IllegalArgumentException e) {
            var error = new NotBytes("base64 with + and /; format=text takes plain text, format=json any JSON");
            error.initCause(e);
            throw error;
        }
    }

    private static byte[] encoded(String text) throws NotBytes {
        try {
            return Utf8.encode(text);
        } catch (CharacterCodingException e) {
            var error = new NotBytes("text that can be written as UTF-8, without half of a surrogate pair");
            error.initCause(e);
            throw error;
        }
    }

    /** Thrown for a value that is not in the format. */
    public static final class NotBytes extends Exception {
        private static final long serialVersionUID = 1;

        private final String expected;

        NotBytes(String expected) {
            super(expected);
            this.expected = expected;
        }

        public String expected() {
            return expected;
        }
    }
}
