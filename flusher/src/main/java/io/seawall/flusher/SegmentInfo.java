package io.seawall.flusher;

/**
 * What a segment's header says about it, known without reading the rest.
 *
 * @param key its name, with the first LSN
 * @param logId the incarnation of the log that it belongs to, as {@link io.seawall.wal.Wal#logId} says it
 * @param isGap whether its range was trimmed before anybody flushed it: it holds no records then, and everything below is 0
 * @param lastLsn the last LSN of its range, inclusive; of its last record, unless it is a gap
 * @param recordBytes the records' keys, values and headers, uncompressed, in bytes, as limits count them
 * @param terms the lowest and the highest term among the records
 * @param timestampsMs the earliest and the latest timestamp, in milliseconds since the epoch by the owners' clocks
 * @param headerBytes the length of the header, where the blocks begin
 * @param blocks what follows the header, to the end of the file
 */
public record SegmentInfo(
        SegmentKey key,
        String logId,
        boolean isGap,
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
        /** What a gap has. */
        static final Range NONE = new Range(0, 0);

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
    public record Blocks(long bytes, int crc32c) {
        /** What a gap has; the CRC of nothing is 0. */
        static final Blocks NONE = new Blocks(0, 0);
    }

    /** The first LSN of its range. */
    public long firstLsn() {
        return key.firstLsn();
    }

    /** The LSN after its range, where the next segment begins. */
    public long nextLsn() {
        return lastLsn + 1;
    }

    /** How many records it holds: as many as LSNs, which are dense, or none in a gap. */
    public long recordCount() {
        return isGap ? 0 : lastLsn - key.firstLsn() + 1;
    }

    /** The length of the whole file in bytes. */
    public long fileBytes() {
        return headerBytes + blocks.bytes();
    }

    /** The same with a header of that length. */
    SegmentInfo withHeaderBytes(long length) {
        return new SegmentInfo(key, logId, isGap, lastLsn, recordBytes, terms, timestampsMs, length, blocks);
    }
}
