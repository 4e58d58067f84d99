package io.seawall.wal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user appends: a key, a value and headers, each of which may be absent. Null and empty are different, and the log keeps
 * the difference. The arrays are not copied: callers must not change them afterwards.
 *
 * @param key the key's bytes, or null
 * @param value the value's bytes, or null
 * @param headers in order, duplicates allowed
 */
// The arrays are not copied, as that would double the cost of an append.
@SuppressWarnings("ArrayRecordComponent")
public record WalRecord(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    /** The most that one header costs in Kafka besides its bytes: two lengths of up to 5 bytes. */
    private static final int HEADER_OVERHEAD_BYTES = 10;

    /**
     * Takes an unchangeable copy of the list. This is not a compact constructor because javac 17 loses {@code @Nullable} there.
     */
    public WalRecord(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
        this.key = key;
        this.value = value;
        this.headers = List.copyOf(headers);
    }

    /**
     * Returns a record with a value, a null key and no headers.
     *
     * @param value the value's bytes
     * @return the record
     */
    public static WalRecord of(byte[] value) {
        return new WalRecord(null, value, List.of());
    }

    /**
     * Returns the size in bytes that limits and windows count: key, value and headers. At most {@link Integer#MAX_VALUE}.
     */
    public int sizeBytes() {
        var size = (long) length(key) + length(value);
        for (var header : headers) {
            size += header.key().getBytes(StandardCharsets.UTF_8).length
                    + length(header.value())
                    + HEADER_OVERHEAD_BYTES;
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
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
