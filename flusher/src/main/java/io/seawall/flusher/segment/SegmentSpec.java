package io.seawall.flusher.segment;

/**
 * The properties of a segment that are fixed before its first record.
 *
 * @param key its name, with the first LSN
 * @param logId the incarnation of the log that its records come from
 * @param codec how its blocks are compressed
 * @param sync the 16 bytes that end each block; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SegmentSpec(SegmentKey key, String logId, SegmentCodec codec, byte[] sync) {}
