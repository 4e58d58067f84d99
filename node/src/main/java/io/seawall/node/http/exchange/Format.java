package io.seawall.node.http.exchange;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.node.http.json.Utf8;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The encoding of keys, values and header values in JSON. */
public enum Format {
    /** Base64 (RFC 4648, section 4): exact for any bytes. */
    BASE64,
    /** Text: reads replace bytes that are not UTF-8 with U+FFFD. */
    TEXT;

    public static final String PARAMETER = "format";

    /** Returns the format that a query requests. */
    public static Format of(Query query) {
        return query.oneOf(PARAMETER, "base64", Set.of("base64", "text")).equals("text") ? TEXT : BASE64;
    }

    /** Writes bytes, or null. */
    public void write(JsonGenerator json, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            json.writeNull();
        } else if (this == TEXT) {
            json.writeString(new String(bytes, StandardCharsets.UTF_8));
        } else {
            json.writeBinary(Base64Variants.MIME_NO_LINEFEEDS, bytes, 0, bytes.length);
        }
    }

    /**
     * Reads the current value of the parser.
     *
     * @return null for a JSON null
     * @throws NotBytes for anything that is not a string of this format
     */
    public byte @Nullable [] read(JsonParser json) throws IOException, NotBytes {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
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
            var error = new NotBytes("base64 with + and /; format=text takes plain text");
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
