package io.seawall.walkafka.internal.format;

import java.util.Arrays;

/**
 * Builds ASCII text from its end, which is the order in which the digits of a number are computed. Every record gets a header, so
 * this must create no intermediate strings.
 */
public final class BackwardsText {
    private static final int MOST_BYTES = 128; // five numbers of up to 19 digits and the signs between them

    private final byte[] bytes = new byte[MOST_BYTES];
    private int start = MOST_BYTES;

    /** Puts a decimal in front of the text; {@code number} is 0 or more. */
    BackwardsText number(long number) {
        var left = number;
        do {
            bytes[--start] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
        return this;
    }

    /** Puts an ASCII character in front of the text. */
    BackwardsText sign(char ascii) {
        bytes[--start] = (byte) ascii;
        return this;
    }

    /** Returns the text and empties this builder. */
    byte[] takeBytes() {
        var text = Arrays.copyOfRange(bytes, start, MOST_BYTES);
        start = MOST_BYTES;
        return text;
    }
}
