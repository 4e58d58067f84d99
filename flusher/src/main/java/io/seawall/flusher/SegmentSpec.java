package io.seawall.flusher;

/**
 * What is decided about a segment before its first record.
 *
 * @param key its name, with the first LSN
 * @param logId the incarnation of the log that its records come from
 * @param codec how its blocks are compressed
 * @param sync the 16 bytes that end each block; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
record SegmentSpec(SegmentKey key, String logId, SegmentCodec codec, byte[] sync) {}
