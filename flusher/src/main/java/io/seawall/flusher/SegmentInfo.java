package io.seawall.flusher;

/**
 * What a segment's header says about it, known without reading the rest.
 *
 * @param key its name, with the first LSN
 * @param lastLsn the LSN of its last record, inclusive
 * @param recordBytes the records' keys, values and headers, uncompressed, in bytes, as limits count them
 * @param terms the lowest and the highest term among the records
 * @param timestampsMs the earliest and the latest timestamp, in milliseconds since the epoch by the owners' clocks
 * @param headerBytes the length of the header, where the blocks begin
 * @param blocks what follows the header, to the end of the file
 */
public record SegmentInfo(
        SegmentKey key,
        long lastLsn,
        long recordBytes,
        Range terms,
        Range timestampsMs,
        long headerBytes,
        Blocks blocks) {

    /**
     * Two ends, both inclusive.
     *
     * @param min the lowest value
     * @param max the highest value
     */
    public record Range(long min, long max) {
        Range including(long value) {
            return new Range(Math.min(min, value), Math.max(max, value));
        }
    }

    /**
     * The Avro blocks: all bytes after the header.
     *
     * @param bytes how many they are
     * @param crc32c their CRC-32C (Castagnoli)
     */
    public record Blocks(long bytes, int crc32c) {}

    /** The LSN of its first record. */
    public long firstLsn() {
        return key.firstLsn();
    }

    /** The LSN after its last record, where the next segment begins. */
    public long nextLsn() {
        return lastLsn + 1;
    }

    /** How many records it holds; LSNs are dense. */
    public long recordCount() {
        return lastLsn - key.firstLsn() + 1;
    }

    /** The length of the whole file in bytes. */
    public long fileBytes() {
        return headerBytes + blocks.bytes();
    }
}
