package io.seawall.flusher.segment;

/**
 * The content of a segment's header.
 *
 * @param key its name, with the first LSN
 * @param logId the incarnation of the log that it belongs to; see {@link io.seawall.wal.Wal#logId}
 * @param isGap whether its range was trimmed before it was flushed: then it holds no records, and everything below is 0
 * @param lastLsn the last LSN of its range, inclusive; that of its last record, unless it is a gap
 * @param recordBytes the records' keys, values and headers, uncompressed, in bytes, as limits count them
 * @param terms the lowest and the highest term among the records
 * @param timestampsMs the earliest and the latest timestamp, in milliseconds since the epoch by the owners' clocks
 * @param headerBytes the length of the header, where the blocks begin
 * @param blocks the bytes after the header, to the end of the file
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
     * A range, both ends inclusive.
     *
     * @param min the lowest value
     * @param max the highest value
     */
    public record Range(long min, long max) {
        /** The range of a gap. */
        public static final Range NONE = new Range(0, 0);

        Range including(long value) {
            return new Range(Math.min(min, value), Math.max(max, value));
        }
    }

    /**
     * The Avro blocks: all bytes after the header.
     *
     * @param bytes their length
     * @param crc32c their CRC-32C (Castagnoli)
     */
    public record Blocks(long bytes, int crc32c) {
        /** The blocks of a gap; the CRC of no bytes is 0. */
        public static final Blocks NONE = new Blocks(0, 0);
    }

    /** Returns the first LSN of its range. */
    public long firstLsn() {
        return key.firstLsn();
    }

    /** Returns the LSN after its range, where the next segment begins. */
    public long nextLsn() {
        return lastLsn + 1;
    }

    /** Returns the number of records: one for each LSN, or none in a gap. */
    public long recordCount() {
        return isGap ? 0 : lastLsn - key.firstLsn() + 1;
    }

    /** Returns the length of the whole file in bytes. */
    public long fileBytes() {
        return headerBytes + blocks.bytes();
    }

    /** Returns a copy with another header length. */
    SegmentInfo withHeaderBytes(long length) {
        return new SegmentInfo(key, logId, isGap, lastLsn, recordBytes, terms, timestampsMs, length, blocks);
    }
}
