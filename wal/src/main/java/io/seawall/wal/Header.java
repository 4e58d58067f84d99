package io.seawall.wal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One header of a record. Headers keep their order, a key may come twice, and a value may be null. The array is not
 * copied: whoever hands it over no longer changes it.
 *
 * @param key the name
 * @param value the bytes, or null
 */
@SuppressWarnings("ArrayRecordComponent") // copying each value would double the cost of an append
public record Header(String key, byte @Nullable [] value) {
    /** The name that Seawall's own header has in Kafka. */
    public static final String RESERVED = "wal";

    /** The name of the header that holds a record's writer session and its number there. */
    public static final String WRITER = "wal-w";

    /** Names that start with this are Seawall's own too. */
    public static final String RESERVED_PREFIX = "wal-";

    /** Whether the name is one that user records must not carry. */
    public boolean isReserved() {
        return key.equals(RESERVED) || key.startsWith(RESERVED_PREFIX);
    }

    /**
     * Whether the name can be written as UTF-8. One with half of a surrogate pair cannot: Kafka's client would count other bytes
     * than it writes, and the broker refuses the record for good.
     */
    public boolean isEncodable() {
        for (var at = 0; at < key.length(); at++) {
            if (Character.isSurrogate(key.charAt(at))) {
                return StandardCharsets.UTF_8.newEncoder().canEncode(key);
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Header that && key.equals(that.key) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, Arrays.hashCode(value));
    }
}
