package io.seawall.flusher.segment;

import io.seawall.wal.LogRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A segment that is being written. An Avro file starts with its metadata, and ours is known only at the end; so the blocks are
 * spooled first and copied behind a header when the segment is sealed. A spool is useless after a crash. Used by one thread at
 * a time.
 */
public final class SpoolFile implements AutoCloseable {
    private final Path file;
    private final SegmentSpec spec;
    private final SegmentSummary summary;
    private final long openedAtMs;
    private final BlockOutput output;
    private final BlockBuffer block = new BlockBuffer();

    private SpoolFile(Path file, SegmentSpec spec, long openedAtMs, BlockOutput output) {
        this.file = file;
        this.spec = spec;
        this.summary = new SegmentSummary(spec.key());
        this.openedAtMs = openedAtMs;
        this.output = output;
    }

    /**
     * Creates the file.
     *
     * @param file the file; must not exist
     * @param spec the segment to write
     * @param openedAtMs now, by any clock; {@link #openedAtMs()} returns it
     */
    public static SpoolFile create(Path file, SegmentSpec spec, long openedAtMs) throws IOException {
        var output =
                new BlockOutput(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        return new SpoolFile(file, spec, openedAtMs, output);
    }

    /**
     * Appends records until the segment is full.
     *
     * @param limitBytes how many bytes of records fill the segment
     * @return how many records were appended; at least one, unless the segment was full before
     */
    public int append(List<LogRecord> records, long limitBytes) throws IOException {
        var taken = 0;
        while (taken < records.size() && summary.recordBytes() < limitBytes) {
            summary.add(records.get(taken));
            block.add(records.get(taken));
            if (block.isFull()) {
                block.writeTo(output, spec);
            }
            taken++;
        }
        return taken;
    }

    /** Writes the block that is not full, to release its memory. */
    public void spill() throws IOException {
        if (!block.isEmpty()) {
            block.writeTo(output, spec);
        }
        block.shrink();
    }

    public long firstLsn() {
        return summary.firstLsn();
    }

    public long nextLsn() {
        return summary.nextLsn();
    }

    public long recordBytes() {
        return summary.recordBytes();
    }

    public long openedAtMs() {
        return openedAtMs;
    }

    /** Returns the earliest timestamp among the records, in milliseconds. */
    public long oldestTimestampMs() {
        return summary.timestampsMs().min();
    }

    /** Returns the bytes in the file so far. */
    public long fileBytes() {
        return output.blocks().bytes();
    }

    /** Returns the memory that it keeps between two calls, in bytes. */
    public int keptBytes() {
        return block.keptBytes();
    }

    /**
     * Ends the segment. Writes the finished segment to a file in the same folder and deletes the spool file.
     *
     * @return the finished segment, not yet synced to disk: the store makes its copy durable
     */
    public SealedSegment seal() throws IOException {
        spill();
        output.close();
        var info = new SegmentInfo(
                spec.key(),
                spec.logId(),
                false,
                summary.nextLsn() - 1,
                summary.recordBytes(),
                summary.terms(),
                summary.timestampsMs(),
                0,
                output.blocks());
        var header = SegmentHeader.bytes(info, spec);
        var sealed = new SealedSegment(
                info.withHeaderBytes(header.length),
                file.resolveSibling(file.getFileName() + ".sealed"),
                summary.nextOffset());
        try {
            SealedSegment.write(sealed.file(), header, file);
        } catch (IOException e) {
            // A full disk needs the room.
            sealed.discard();
            throw e;
        }
        Files.delete(file);
        return sealed;
    }

    /** Drops the segment; does nothing after {@link #seal}. */
    @Override
    public void close() throws IOException {
        try {
            output.close();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
