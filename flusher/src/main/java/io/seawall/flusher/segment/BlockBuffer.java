package io.seawall.flusher.segment;

import io.seawall.wal.LogRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Collects encoded records of one Avro block before compression. Avro's own file writer keeps several buffers for as long as a
 * file is open; this class keeps one, and between two calls never more than {@link #MOST_KEPT_BYTES}. Used by one thread at a
 * time.
 */
public final class BlockBuffer {
    /** The most that is kept: a block that is not full, and the spare capacity of its array. */
    public static final int MOST_KEPT_BYTES = 2 * SegmentFormat.BLOCK_BYTES;

    private final RecordEncoder records = new RecordEncoder();
    private Bytes bytes = new Bytes();
    private BinaryEncoder encoder = encoderTo(bytes);
    private long count;

    /** Exposes its array, so that compressing a block does not copy it. */
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes() {
            super(0);
        }

        byte[] array() {
            return buf;
        }
    }

    void add(LogRecord record) throws IOException {
        records.write(record, encoder);
        count++;
    }

    /** Returns whether the block has reached its size. */
    boolean isFull() {
        return bytes.size() >= SegmentFormat.BLOCK_BYTES;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Returns how much memory the buffer keeps. */
    int keptBytes() {
        return bytes.array().length;
    }

    /** Writes the block and empties the buffer: number of records, length, data, sync marker. */
    void writeTo(OutputStream out, SegmentSpec spec) throws IOException {
        var data = spec.codec().compressed(bytes.array(), bytes.size());
        var front = new ByteArrayOutputStream(2 * Long.BYTES);
        var numbers = encoderTo(front);
        numbers.writeLong(count);
        numbers.writeLong(data.remaining());
        out.write(front.toByteArray());
        out.write(data.array(), data.arrayOffset() + data.position(), data.remaining());
        out.write(spec.sync());
        if (keptBytes() > MOST_KEPT_BYTES) {
            bytes = new Bytes();
            encoder = encoderTo(bytes);
        }
        bytes.reset();
        count = 0;
    }

    /** Releases the memory; the buffer must be empty. */
    void shrink() {
        bytes = new Bytes();
        encoder = encoderTo(bytes);
    }

    private static BinaryEncoder encoderTo(OutputStream out) {
        return EncoderFactory.get().directBinaryEncoder(out, null);
    }
}
