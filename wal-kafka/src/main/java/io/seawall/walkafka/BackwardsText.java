package io.seawall.walkafka;

import java.util.Arrays;

/** ASCII text that grows from its end, as decimals do: a header is written for every record, so without strings between. */
final class BackwardsText {
    private static final int MOST_BYTES = 128; // five numbers of up to 19 digits and the signs between them

    private final byte[] bytes = new byte[MOST_BYTES];
    private int start = MOST_BYTES;

    /** Puts a decimal in front; {@code number} is 0 or more. */
    BackwardsText number(long number) {
        var left = number;
        do {
            bytes[--start] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
        return this;
    }

    /** Puts a character in front. */
    BackwardsText sign(char ascii) {
        bytes[--start] = (byte) ascii;
        return this;
    }

    /** The text, from its first character on; begins anew. */
    byte[] takeBytes() {
        var text = Arrays.copyOfRange(bytes, start, MOST_BYTES);
        start = MOST_BYTES;
        return text;
    }
}
