package io.seawall.node.http.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Converts UTF-8 according to RFC 3629, in both directions. The conversions of Java and Jackson replace malformed input or
 * interpret it differently, so the log would get bytes that no client sent.
 */
public final class Utf8 {
    private static final int CHUNK_CHARS = 8 << 10;

    private Utf8() {}

    /**
     * Returns the index of the first byte that is not part of a well-formed character, from the start of a part of the array; -1 if
     * there is none.
     */
    public static int firstMalformed(byte[] bytes, int from, int length) {
        var end = from + length;
        var at = from;
        while (at < end && bytes[at] >= 0) {
            at++;
        }
        if (at == end) {
            return -1;
        }
        var in = ByteBuffer.wrap(bytes, at, end - at);
        var out = CharBuffer.allocate(CHUNK_CHARS);
        var decoder = StandardCharsets.UTF_8.newDecoder();
        while (true) {
            var result = decoder.decode(in, out, true);
            if (!result.isOverflow()) {
                return result.isError() ? in.position() - from : -1;
            }
            out.clear();
        }
    }

    /**
     * Returns the text's bytes.
     *
     * @throws CharacterCodingException if it contains half of a surrogate pair
     */
    public static byte[] encode(String text) throws CharacterCodingException {
        var buffer = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
