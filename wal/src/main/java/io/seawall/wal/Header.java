package io.seawall.wal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One header of a record. Headers keep their order, a key may occur twice, and a value may be null. The array is not copied:
 * callers must not change it afterwards.
 *
 * @param key the name
 * @param value the bytes, or null
 */
@SuppressWarnings("ArrayRecordComponent") // copying each value would double the cost of an append
public record Header(String key, byte @Nullable [] value) {
    /** The key of Seawall's own header in Kafka. */
    public static final String RESERVED = "wal";

    /** The key of the header that holds a record's writer session and its number in the session. */
    public static final String WRITER = "wal-w";

    /** Keys that start with this are reserved for Seawall too. */
    public static final String RESERVED_PREFIX = "wal-";

    /** Returns whether the key is reserved, so that user records must not carry it. */
    public boolean isReserved() {
        return key.equals(RESERVED) || key.startsWith(RESERVED_PREFIX);
    }

    /**
     * Returns whether the key can be encoded as UTF-8. A key with half of a surrogate pair cannot: Kafka's client would count
     * other bytes than it writes, and the broker would never accept the record.
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
