package io.seawall.flusher.segment;

import io.seawall.flusher.segment.SegmentInfo.Blocks;
import io.seawall.flusher.segment.SegmentInfo.Range;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.file.DataFileWriter;

/**
 * The header of a segment. Parsed by hand, because Avro's reader neither tells where a header ends nor limits what a damaged
 * length makes it allocate. Immutable.
 *
 * @param meta the file metadata; values are text in all keys that we use
 * @param bytes the length of the header: magic, metadata and sync marker
 */
public record SegmentHeader(Map<String, String> meta, long bytes) {
    private static final String AVRO_CODEC = "avro.codec";
    private static final byte[] MAGIC = {'O', 'b', 'j', 1};
    /** Our headers are below 3 KiB; a file with a header of this size is not a segment. */
    private static final int LONGEST = 64 * 1024;

    private static final int VARINT_BITS = 7;
    private static final int VARINT_MASK = 0x7f;

    /**
     * Reads a header and nothing after it, except for the stream's own buffering.
     *
     * @throws MalformedSegmentException if this is not the header of an Avro file
     * @throws IOException if the stream fails; not for a stream that ends early
     */
    public static SegmentHeader read(InputStream stream) throws IOException {
        var in = new Input(stream);
        if (!Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
            throw new MalformedSegmentException("no Avro magic at the start");
        }
        var meta = new LinkedHashMap<String, String>();
        for (var count = in.varint(); count != 0; count = in.varint()) {
            if (count < 0) {
                // This form has a size, which we do not need.
                count = -count;
                in.varint();
            }
            for (var i = 0L; i < count; i++) {
                meta.put(in.text(), in.text());
            }
        }
        in.bytes(SegmentFormat.SYNC_BYTES);
        return new SegmentHeader(Map.copyOf(meta), in.position);
    }

    /**
     * Returns the segment's name according to the header.
     *
     * @throws MalformedSegmentException if the header names none
     */
    public SegmentKey key() throws MalformedSegmentException {
        try {
            return new SegmentKey(
                    PChannel.parse(text(SegmentFormat.META_PCHANNEL)), number(SegmentFormat.META_FIRST_LSN));
        } catch (WalException e) {
            throw new MalformedSegmentException("the header names no segment: " + e.getMessage());
        }
    }

    /**
     * Parses the header of the segment of that name.
     *
     * @throws MalformedSegmentException if something is missing, or does not match the name or the rest of the header
     */
    public SegmentInfo info(SegmentKey key) throws MalformedSegmentException {
        expect(SegmentFormat.META_VERSION, SegmentFormat.VERSION);
        expect("avro.schema", SegmentFormat.SCHEMA_TEXT);
        expect(SegmentFormat.META_HEADER_CRC, SegmentFormat.crcText(SegmentFormat.headerCrc(meta)));
        expect(SegmentFormat.META_PCHANNEL, key.pchannel().toString());
        expect(SegmentFormat.META_FIRST_LSN, Long.toString(key.firstLsn()));
        if (SegmentCodec.ofAvroName(text(AVRO_CODEC)).isEmpty()) {
            throw new MalformedSegmentException(
                    AVRO_CODEC + " is '" + text(AVRO_CODEC) + "', expected zstandard or deflate");
        }
        var info = new SegmentInfo(
                key,
                text(SegmentFormat.META_LOG_ID),
                isGap(),
                number(SegmentFormat.META_LAST_LSN),
                number(SegmentFormat.META_RECORD_BYTES),
                new Range(number(SegmentFormat.META_MIN_TERM), number(SegmentFormat.META_MAX_TERM)),
                new Range(number(SegmentFormat.META_MIN_TIMESTAMP), number(SegmentFormat.META_MAX_TIMESTAMP)),
                bytes,
                new Blocks(number(SegmentFormat.META_BLOCK_BYTES), crc()));
        if (info.lastLsn() < info.firstLsn()) {
            throw new MalformedSegmentException(
                    "last LSN " + info.lastLsn() + " is below the first, " + info.firstLsn());
        }
        expect(SegmentFormat.META_COUNT, Long.toString(info.recordCount()));
        if (info.isGap() && !isEmpty(info)) {
            throw new MalformedSegmentException("it is a gap, but its header describes records");
        }
        return info;
    }

    private boolean isGap() throws MalformedSegmentException {
        var kind = text(SegmentFormat.META_KIND);
        if (!kind.equals(SegmentFormat.KIND_GAP) && !kind.equals(SegmentFormat.KIND_RECORDS)) {
            throw new MalformedSegmentException(
                    SegmentFormat.META_KIND + " is '" + kind + "', expected records or gap");
        }
        return kind.equals(SegmentFormat.KIND_GAP);
    }

    private static boolean isEmpty(SegmentInfo info) {
        return info.recordBytes() == 0
                && info.terms().equals(Range.NONE)
                && info.timestampsMs().equals(Range.NONE)
                && info.blocks().equals(Blocks.NONE);
    }

    /** Returns the bytes of a segment's header. Ignores the header length in {@code info}. */
    static byte[] bytes(SegmentInfo info, SegmentSpec spec) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var writer = new DataFileWriter<>(new RecordEncoder())) {
            writer.setCodec(spec.codec().factory());
            var metadata = metadata(info);
            // In a fixed order, so that equal segments have equal bytes.
            new TreeMap<>(metadata).forEach(writer::setMeta);
            writer.setMeta(SegmentFormat.META_HEADER_CRC, SegmentFormat.crcText(SegmentFormat.headerCrc(metadata)));
            writer.create(SegmentFormat.SCHEMA, bytes, spec.sync());
        }
        return bytes.toByteArray();
    }

    private static Map<String, String> metadata(SegmentInfo info) {
        return Map.ofEntries(
                Map.entry(SegmentFormat.META_VERSION, SegmentFormat.VERSION),
                Map.entry(SegmentFormat.META_PCHANNEL, info.key().pchannel().toString()),
                Map.entry(SegmentFormat.META_LOG_ID, info.logId()),
                Map.entry(SegmentFormat.META_KIND, info.isGap() ? SegmentFormat.KIND_GAP : SegmentFormat.KIND_RECORDS),
                Map.entry(SegmentFormat.META_FIRST_LSN, Long.toString(info.firstLsn())),
                Map.entry(SegmentFormat.META_LAST_LSN, Long.toString(info.lastLsn())),
                Map.entry(SegmentFormat.META_COUNT, Long.toString(info.recordCount())),
                Map.entry(SegmentFormat.META_RECORD_BYTES, Long.toString(info.recordBytes())),
                Map.entry(
                        SegmentFormat.META_BLOCK_BYTES,
                        Long.toString(info.blocks().bytes())),
                Map.entry(
                        SegmentFormat.META_BLOCK_CRC,
                        SegmentFormat.crcText(info.blocks().crc32c())),
                Map.entry(
                        SegmentFormat.META_MIN_TERM, Long.toString(info.terms().min())),
                Map.entry(
                        SegmentFormat.META_MAX_TERM, Long.toString(info.terms().max())),
                Map.entry(
                        SegmentFormat.META_MIN_TIMESTAMP,
                        Long.toString(info.timestampsMs().min())),
                Map.entry(
                        SegmentFormat.META_MAX_TIMESTAMP,
                        Long.toString(info.timestampsMs().max())));
    }

    private void expect(String name, String expected) throws MalformedSegmentException {
        if (!text(name).equals(expected)) {
            throw new MalformedSegmentException(name + " is '" + text(name) + "', expected '" + expected + "'");
        }
    }

    private String text(String name) throws MalformedSegmentException {
        var value = meta.get(name);
        if (value == null) {
            throw new MalformedSegmentException("the header has no " + name);
        }
        return value;
    }

    private long number(String name) throws MalformedSegmentException {
        try {
            var value = Long.parseLong(text(name));
            expect(name, Long.toString(value));
            return value;
        } catch (NumberFormatException e) {
            throw new MalformedSegmentException(name + " is '" + text(name) + "', expected a number");
        }
    }

    private int crc() throws MalformedSegmentException {
        var text = text(SegmentFormat.META_BLOCK_CRC);
        try {
            var value = Integer.parseUnsignedInt(text, 16);
            expect(SegmentFormat.META_BLOCK_CRC, SegmentFormat.crcText(value));
            return value;
        } catch (NumberFormatException e) {
            throw new MalformedSegmentException(
                    SegmentFormat.META_BLOCK_CRC + " is '" + text + "', expected 8 hexadecimal digits");
        }
    }

    /** A stream that counts its bytes and rejects lengths that none of our headers has. */
    private static final class Input {
        private final DataInputStream in;
        private long position;

        Input(InputStream in) {
            this.in = new DataInputStream(in);
        }

        byte[] bytes(long length) throws IOException {
            if (length < 0 || position + length > LONGEST) {
                throw new MalformedSegmentException("the header is longer than " + LONGEST + " bytes, or damaged");
            }
            var bytes = in.readNBytes((int) length);
            if (bytes.length < length) {
                throw new MalformedSegmentException("the file ends inside its header");
            }
            position += length;
            return bytes;
        }

        String text() throws IOException {
            return new String(bytes(varint()), StandardCharsets.UTF_8);
        }

        /** Reads a zigzag-encoded long, the low seven bits first. */
        long varint() throws IOException {
            var value = 0L;
            for (var shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
                var next = bytes(1)[0];
                value |= (long) (next & VARINT_MASK) << shift;
                if (next >= 0) {
                    return (value >>> 1) ^ -(value & 1);
                }
            }
            throw new MalformedSegmentException("a number in the header is longer than a long");
        }
    }
}
