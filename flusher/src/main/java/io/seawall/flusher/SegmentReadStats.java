package io.seawall.flusher;

/**
 * What reading segments back has come to since the start.
 *
 * @param records how many records were given to readers
 * @param fetchedBytes how many bytes of objects came from the store, those read twice counted twice
 * @param verified how many segments were read whole and compared with their checksum
 * @param hits how many times a reader came to a segment that was verified before
 * @param damaged how many times a segment was found not to be what its header says
 * @param cachedBytes how many bytes of verified segments are in memory now
 */
public record SegmentReadStats(
        long records, long fetchedBytes, long verified, long hits, long damaged, long cachedBytes) {}
