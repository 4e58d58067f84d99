package io.seawall.flusher.history;

/**
 * Counters of segment reads since the start.
 *
 * @param records how many records were returned to readers
 * @param fetchedBytes how many bytes of objects came from the store; bytes read twice count twice
 * @param verified how many segments were read completely and compared with their checksum
 * @param hits how often a reader reached a segment that was verified before
 * @param damaged how often a segment did not match its header
 * @param cachedBytes how many bytes of verified segments are in memory now
 */
public record SegmentReadStats(
        long records, long fetchedBytes, long verified, long hits, long damaged, long cachedBytes) {}
