package io.seawall.node.tail;

import java.nio.ByteBuffer;

/** Records in one form, one behind the other. The arrays are not copied: callers must not change them afterwards. Thread-safe. */
public final class EncodedRecords {
    private final byte[] bytes;
    private final int[] ends;

    /**
     * Creates it.
     *
     * @param bytes the records
     * @param ends where each record ends in the array, exclusive; the last one is the array's length
     */
    public EncodedRecords(byte[] bytes, int[] ends) {
        this.bytes = bytes;
        this.ends = ends;
    }

    int sizeBytes() {
        return bytes.length + Integer.BYTES * ends.length;
    }

    /**
     * Returns the bytes of some records, without a copy.
     *
     * @param from the index of the first record
     * @param to the index behind the last record
     */
    ByteBuffer slice(int from, int to) {
        var start = from == 0 ? 0 : ends[from - 1];
        return ByteBuffer.wrap(bytes, start, ends[to - 1] - start);
    }
}
