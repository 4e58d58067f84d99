package io.seawall.flusher.store;

import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.SegmentFormat;
import io.seawall.flusher.segment.SegmentHeader;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.VerifiedSegment;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object once, from its beginning to its end, and compares it with its header: length, CRC-32C, and the counts of the
 * blocks. Decompresses nothing, and allocates memory for a length only after the room for it was granted. Used by one thread.
 */
public final class SegmentVerification {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MASK = 0x7f;

    private final SegmentStore store;
    private final SegmentKey key;
    private final BooleanSupplier stop;
    private final CRC32C all = new CRC32C();
    private final CRC32C one = new CRC32C();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long position;

    /**
     * The result of a verification.
     *
     * @param segment the verified segment
     * @param blocks its blocks' bytes, or null if there was no room for them
     */
    public record Outcome(VerifiedSegment segment, @Nullable List<byte[]> blocks) {}

    /** Grants memory for the blocks of a segment, for all of them or none. */
    public interface Room {
        boolean reserve(long bytes);
    }

    /**
     * Creates a verification.
     *
     * @param stop checked regularly; true ends the verification with an IOException
     */
    public SegmentVerification(SegmentStore store, SegmentKey key, BooleanSupplier stop) {
        this.store = store;
        this.key = key;
        this.stop = stop;
    }

    /**
     * Reads the object.
     *
     * @param room asked once, when the length is known; if this throws, the caller takes back what was granted
     * @throws MalformedSegmentException if the object does not match its name or its header
     * @throws java.nio.file.NoSuchFileException if there is no such object
     * @throws IOException if the store does not answer, or its response ends early
     */
    public Outcome run(Room room) throws IOException {
        try (var in = new BufferedInputStream(store.open(key, 0), BUFFER_BYTES)) {
            var header = new Capture(in);
            var info = SegmentHeader.read(header).info(key);
            var kept = room.reserve(info.blocks().bytes()) ? new ArrayList<byte[]>() : null;
            var segment = blocks(in, info, header.bytes(), kept);
            expect(
                    "CRC-32C of the blocks",
                    SegmentFormat.crcText((int) all.getValue()),
                    SegmentFormat.crcText(info.blocks().crc32c()));
            if (in.read() >= 0) {
                throw new MalformedSegmentException("the object is longer than its header states, " + info.fileBytes());
            }
            return new Outcome(segment, kept);
        }
    }

    /** Returns how many bytes were read. */
    public long bytes() {
        return position;
    }

    private VerifiedSegment blocks(InputStream in, SegmentInfo info, byte[] header, @Nullable List<byte[]> kept)
            throws IOException {
        var table = new VerifiedSegment.Builder();
        var sync = Arrays.copyOfRange(header, header.length - SegmentFormat.SYNC_BYTES, header.length);
        var lsn = info.firstLsn();
        position = info.headerBytes();
        while (position < info.fileBytes()) {
            if (stop.getAsBoolean()) {
                throw new IOException("reading segments has ended");
            }
            one.reset();
            var block = new ByteArrayOutputStream(2 * Long.BYTES);
            var start = position;
            var count = varint(in, info, block);
            var data = varint(in, info, block);
            if (count < 1 || count > info.nextLsn() - lsn) {
                throw new MalformedSegmentException("a block of " + count + " records at byte " + start);
            }
            if (data < 0 || data > info.fileBytes() - position - SegmentFormat.SYNC_BYTES) {
                throw new MalformedSegmentException("a block of " + data + " bytes at byte " + start);
            }
            pass(in, info, data + SegmentFormat.SYNC_BYTES, sync, kept == null ? null : block);
            if (kept != null) {
                kept.add(block.toByteArray());
            }
            table.add(lsn, position, (int) one.getValue());
            lsn += count;
        }
        if (!info.isGap()) {
            expect("last LSN", lsn - 1, info.lastLsn());
        }
        return table.build(info, header);
    }

    /** Reads a block's data and the marker at its end. */
    private void pass(InputStream in, SegmentInfo info, long length, byte[] sync, @Nullable ByteArrayOutputStream to)
            throws IOException {
        var end = new byte[0];
        for (var left = length; left > 0; ) {
            var count = in.readNBytes(buffer, 0, (int) Math.min(left, buffer.length));
            if (count == 0) {
                throw endedEarly(info);
            }
            took(buffer, count, to);
            left -= count;
            end = tail(end, buffer, count);
        }
        if (!Arrays.equals(end, sync)) {
            throw new MalformedSegmentException("no sync marker before byte " + position);
        }
    }

    /** Returns the last bytes that were read, because a marker may span two reads. */
    private static byte[] tail(byte[] before, byte[] read, int count) {
        if (count >= SegmentFormat.SYNC_BYTES) {
            return Arrays.copyOfRange(read, count - SegmentFormat.SYNC_BYTES, count);
        }
        var joined = Arrays.copyOf(before, before.length + count);
        System.arraycopy(read, 0, joined, before.length, count);
        return Arrays.copyOfRange(joined, Math.max(0, joined.length - SegmentFormat.SYNC_BYTES), joined.length);
    }

    private void took(byte[] bytes, int count, @Nullable ByteArrayOutputStream to) {
        all.update(bytes, 0, count);
        one.update(bytes, 0, count);
        position += count;
        if (to != null) {
            to.write(bytes, 0, count);
        }
    }

    private long varint(InputStream in, SegmentInfo info, ByteArrayOutputStream to) throws IOException {
        var value = 0L;
        for (var shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
            var next = position < info.fileBytes() ? in.read() : -1;
            if (next < 0) {
                throw endedEarly(info);
            }
            buffer[0] = (byte) next;
            took(buffer, 1, to);
            value |= (long) (next & VARINT_MASK) << shift;
            if (next <= VARINT_MASK) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new MalformedSegmentException("a number before byte " + position + " is longer than a long");
    }

    /** Distinguishes a truncated object from a truncated response. */
    private IOException endedEarly(SegmentInfo info) throws IOException {
        var size = store.sizeBytes(key);
        return size == info.fileBytes() && position < size
                ? new IOException("the store's response ended after " + position + " of " + size + " bytes")
                : new MalformedSegmentException(
                        "the object has " + size + " bytes, its header has " + info.fileBytes());
    }

    private static void expect(String what, Object found, Object header) throws MalformedSegmentException {
        if (!found.equals(header)) {
            throw new MalformedSegmentException(what + ": found " + found + ", the header has " + header);
        }
    }

    /** Keeps the bytes that are read through it. */
    private static final class Capture extends FilterInputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        Capture(InputStream in) {
            super(in);
        }

        byte[] bytes() {
            return kept.toByteArray();
        }

        @Override
        public int read() throws IOException {
            var next = in.read();
            if (next >= 0) {
                kept.write(next);
            }
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            var count = in.read(bytes, offset, length);
            if (count > 0) {
                kept.write(bytes, offset, count);
            }
            return count;
        }
    }
}
