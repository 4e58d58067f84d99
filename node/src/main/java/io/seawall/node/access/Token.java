package io.seawall.node.access;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Tokens: secrets that callers send, of which nodes know the SHA-256 alone. */
public final class Token {
    /** How each token begins that {@link #create} makes, so that people and scanners of leaked secrets recognize it. */
    public static final String PREFIX = "seawall_";

    private static final int RANDOM_BYTES = 32;
    private static final Pattern SENDABLE = Pattern.compile("[A-Za-z0-9._~+/=-]{1,1000}");

    private Token() {}

    /**
     * Makes a token of 256 random bits.
     *
     * @param random fills an array with random bytes that nobody can guess
     */
    public static String create(Consumer<byte[]> random) {
        var bytes = new byte[RANDOM_BYTES];
        random.accept(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Returns the SHA-256 of a token. */
    public static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns whether a text has the form of a token that a header can carry (RFC 6750). */
    public static boolean isSendable(String text) {
        return SENDABLE.matcher(text).matches();
    }

    /**
     * Returns the token that a file holds.
     *
     * @param file the file's name, for errors
     * @param content its bytes: one line
     * @throws io.seawall.wal.RequestException with code INVALID if that is no token; does not quote it
     */
    public static String inFile(String file, byte[] content) {
        var text = new String(content, StandardCharsets.UTF_8).strip();
        if (!isSendable(text)) {
            throw Problem.of(ErrorCode.INVALID, "use the token in " + file)
                    .found(text.isEmpty() ? "an empty file" : "text that is no token")
                    .expected(
                            "one line with a token of letters, digits and -._~+/=, as ./seawall token create prints it")
                    .exception();
        }
        return text;
    }
}
