package io.seawall.flusher;

import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileWriter;

/**
 * A segment that is being written. An Avro file has its metadata in front, and ours are known only at the end; so the blocks
 * are spooled first and copied behind a header when the segment is sealed. The spool file is an Avro file too, without our
 * metadata; it is of use to nobody after a crash. Used by one thread at a time.
 */
final class SpoolFile implements AutoCloseable {
    private final Path file;
    private final byte[] sync;
    private final SegmentSummary summary;
    private final long openedAtMs;
    private final BlockOutput output;
    private final DataFileWriter<LogRecord> writer;

    private SpoolFile(
            Path file,
            byte[] sync,
            SegmentSummary summary,
            long openedAtMs,
            BlockOutput output,
            DataFileWriter<LogRecord> writer) {
        this.file = file;
        this.sync = sync;
        this.summary = summary;
        this.openedAtMs = openedAtMs;
        this.output = output;
        this.writer = writer;
    }

    /**
     * Creates the file.
     *
     * @param file where; must not exist
     * @param sync the 16 bytes that end each block
     * @param openedAtMs now, by the flusher's clock
     */
    static SpoolFile create(Path file, PChannel pchannel, long firstLsn, byte[] sync, long openedAtMs)
            throws IOException {
        var output =
                new BlockOutput(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        try {
            var writer = startAvro(output, sync, Map.of());
            output.mark();
            return new SpoolFile(file, sync, new SegmentSummary(pchannel, firstLsn), openedAtMs, output, writer);
        } catch (IOException | RuntimeException e) {
            output.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /**
     * Takes records until the segment is full.
     *
     * @param limitBytes how many bytes of records are enough
     * @return how many records it took; at least one, unless it was full before
     */
    int append(List<LogRecord> records, long limitBytes) throws IOException {
        var taken = 0;
        while (taken < records.size() && summary.recordBytes() < limitBytes) {
            summary.add(records.get(taken));
            writer.append(records.get(taken));
            taken++;
        }
        return taken;
    }

    long firstLsn() {
        return summary.firstLsn();
    }

    long nextLsn() {
        return summary.nextLsn();
    }

    long recordBytes() {
        return summary.recordBytes();
    }

    long openedAtMs() {
        return openedAtMs;
    }

    /**
     * Ends the segment. The spool file is gone afterwards; the finished one stands beside it.
     *
     * @return the finished segment, not yet synced to disk: the store makes its copy durable
     */
    SealedSegment seal() throws IOException {
        writer.close();
        var key = new SegmentKey(summary.pchannel(), summary.firstLsn());
        var header = header();
        var info = new SegmentInfo(
                key,
                summary.nextLsn() - 1,
                summary.recordBytes(),
                summary.terms(),
                summary.timestampsMs(),
                header.length,
                output.blocks());
        var sealed = new SealedSegment(info, file.resolveSibling(file.getFileName() + ".sealed"));
        try {
            copyBehind(header, info.blocks().bytes(), sealed.file());
        } catch (IOException e) {
            // A full disk needs the room.
            sealed.discard();
            throw e;
        }
        Files.delete(file);
        return sealed;
    }

    private void copyBehind(byte[] header, long blockBytes, Path target) throws IOException {
        try (var from = FileChannel.open(file, StandardOpenOption.READ);
                var to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var front = ByteBuffer.wrap(header);
            while (front.hasRemaining()) {
                to.write(front);
            }
            var end = from.size();
            for (var position = end - blockBytes; position < end; ) {
                position += from.transferTo(position, end - position, to);
            }
        }
    }

    private byte[] header() throws IOException {
        var bytes = new ByteArrayOutputStream();
        startAvro(bytes, sync, metadata()).close();
        return bytes.toByteArray();
    }

    private Map<String, String> metadata() {
        return Map.ofEntries(
                Map.entry(SegmentFormat.META_VERSION, SegmentFormat.VERSION),
                Map.entry(SegmentFormat.META_PCHANNEL, summary.pchannel().toString()),
                Map.entry(SegmentFormat.META_FIRST_LSN, Long.toString(summary.firstLsn())),
                Map.entry(SegmentFormat.META_LAST_LSN, Long.toString(summary.nextLsn() - 1)),
                Map.entry(SegmentFormat.META_COUNT, Long.toString(summary.nextLsn() - summary.firstLsn())),
                Map.entry(SegmentFormat.META_RECORD_BYTES, Long.toString(summary.recordBytes())),
                Map.entry(
                        SegmentFormat.META_BLOCK_BYTES,
                        Long.toString(output.blocks().bytes())),
                Map.entry(
                        SegmentFormat.META_BLOCK_CRC,
                        SegmentFormat.crcText(output.blocks().crc32c())),
                Map.entry(
                        SegmentFormat.META_MIN_TERM,
                        Long.toString(summary.terms().min())),
                Map.entry(
                        SegmentFormat.META_MAX_TERM,
                        Long.toString(summary.terms().max())),
                Map.entry(
                        SegmentFormat.META_MIN_TIMESTAMP,
                        Long.toString(summary.timestampsMs().min())),
                Map.entry(
                        SegmentFormat.META_MAX_TIMESTAMP,
                        Long.toString(summary.timestampsMs().max())));
    }

    private static DataFileWriter<LogRecord> startAvro(OutputStream out, byte[] sync, Map<String, String> metadata)
            throws IOException {
        var writer = new DataFileWriter<>(new RecordEncoder())
                .setCodec(SegmentFormat.codec())
                .setSyncInterval(SegmentFormat.BLOCK_BYTES);
        metadata.forEach(writer::setMeta);
        writer.create(SegmentFormat.SCHEMA, out, sync);
        writer.flush();
        return writer;
    }

    /** Throws the segment away; after {@link #seal} there is nothing left to do. */
    @Override
    public void close() throws IOException {
        try {
            output.close();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
