package io.seawall.flusher.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A finished segment that waits for its put.
 *
 * @param info the content of its header
 * @param file its file
 * @param nextOffset the Kafka offset after its last record; -1 if it has none
 */
public record SealedSegment(SegmentInfo info, Path file, long nextOffset) {
    /**
     * Creates a gap segment, which records that LSNs were trimmed before they were flushed.
     *
     * @param file its file; must not exist
     * @param spec with the first LSN of the range
     * @param lastLsn the last LSN, inclusive
     */
    public static SealedSegment gap(Path file, SegmentSpec spec, long lastLsn) throws IOException {
        var info = new SegmentInfo(
                spec.key(),
                spec.logId(),
                true,
                lastLsn,
                0,
                SegmentInfo.Range.NONE,
                SegmentInfo.Range.NONE,
                0,
                SegmentInfo.Blocks.NONE);
        var header = SegmentHeader.bytes(info, spec);
        Files.write(file, header, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new SealedSegment(info.withHeaderBytes(header.length), file, -1);
    }

    /** Writes a header, followed by the spooled blocks, into a new file. */
    static void write(Path target, byte[] header, Path blocks) throws IOException {
        try (var from = FileChannel.open(blocks, StandardOpenOption.READ);
                var to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var front = ByteBuffer.wrap(header);
            while (front.hasRemaining()) {
                to.write(front);
            }
            var end = from.size();
            for (var position = 0L; position < end; ) {
                position += from.transferTo(position, end - position, to);
            }
        }
    }

    public void discard() throws IOException {
        Files.deleteIfExists(file);
    }
}
