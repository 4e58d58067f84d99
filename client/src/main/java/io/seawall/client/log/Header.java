package io.seawall.client.log;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One header of a record. Headers keep their order, a key may occur twice, and a value may be null. The array is not copied:
 * callers must not change it afterwards.
 *
 * @param key the name: not {@code wal}, and not beginning with {@code wal-}
 * @param value the bytes, or null
 */
@SuppressWarnings("ArrayRecordComponent") // copying each value would double the cost of an append
public record Header(String key, byte @Nullable [] value) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Header that && key.equals(that.key) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, Arrays.hashCode(value));
    }
}
