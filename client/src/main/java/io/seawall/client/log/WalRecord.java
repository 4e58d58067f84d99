package io.seawall.client.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user appends: a key, a value and headers, each of which may be absent. Null and empty are different, and the log keeps
 * the difference. The arrays are not copied: callers must not change them before the append is answered.
 *
 * @param key the key's bytes, or null
 * @param value the value's bytes, or null
 * @param headers in order, duplicates allowed
 */
// The arrays are not copied, as that would double the cost of an append.
@SuppressWarnings("ArrayRecordComponent")
public record WalRecord(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    /**
     * Takes an unchangeable copy of the list. This is not a compact constructor because javac 17 loses {@code @Nullable} there.
     */
    public WalRecord(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
        this.key = key;
        this.value = value;
        this.headers = List.copyOf(headers);
    }

    /** Returns a record with a value, a null key and no headers. */
    public static WalRecord of(byte[] value) {
        return new WalRecord(null, value, List.of());
    }

    /** Returns a record with a text as its value, encoded as UTF-8. */
    public static WalRecord of(String value) {
        return of(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a record with a key and a value and no headers. */
    public static WalRecord of(byte[] key, byte[] value) {
        return new WalRecord(key, value, List.of());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WalRecord that
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(key), Arrays.hashCode(value), headers);
    }
}
