package io.seawall.node.http.frames;

import io.seawall.wal.Header;
import io.seawall.wal.LogRecord;
import io.seawall.wal.WalRecord;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes frames to a stream, which the caller buffers, flushes and closes. Not thread-safe. */
public final class FrameWriter {
    private static final int POSITIONS_BYTES = 1 + 3 * Long.BYTES;

    private final DataOutputStream out;

    public FrameWriter(OutputStream out) {
        this.out = new DataOutputStream(out);
    }

    /** Writes a record of a log. */
    public void record(LogRecord record) throws IOException {
        var names = names(record.data());
        out.writeInt(POSITIONS_BYTES + size(record.data(), names));
        out.writeByte(Frames.RECORD);
        out.writeLong(record.lsn());
        out.writeLong(record.term());
        out.writeLong(record.timestampMs());
        data(record.data(), names);
    }

    /** Writes a record to append. */
    public void append(WalRecord record) throws IOException {
        var names = names(record);
        out.writeInt(1 + size(record, names));
        out.writeByte(Frames.APPEND);
        data(record, names);
    }

    /**
     * Writes the end of an answer.
     *
     * @param next the LSN to read on from
     * @param tail the LSN of the next append
     * @param oldest the oldest LSN that can be read
     */
    public void end(long next, long tail, long oldest) throws IOException {
        out.writeInt(POSITIONS_BYTES);
        out.writeByte(Frames.END);
        out.writeLong(next);
        out.writeLong(tail);
        out.writeLong(oldest);
    }

    /** Writes the error that ends an answer early, as {@code problem+json}. */
    public void error(byte[] problem) throws IOException {
        out.writeInt(1 + problem.length);
        out.writeByte(Frames.ERROR);
        out.write(problem);
    }

    private static List<byte[]> names(WalRecord record) {
        return record.headers().stream()
                .map(header -> header.key().getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static int size(WalRecord record, List<byte[]> names) {
        var size = 3 * Integer.BYTES + length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            size += 2 * Integer.BYTES + length(header.value());
        }
        for (var name : names) {
            size += name.length;
        }
        return size;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private void data(WalRecord record, List<byte[]> names) throws IOException {
        bytes(record.key());
        bytes(record.value());
        out.writeInt(names.size());
        for (var at = 0; at < names.size(); at++) {
            bytes(names.get(at));
            bytes(record.headers().get(at).value());
        }
    }

    private void bytes(byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            out.writeInt(Frames.NULL);
        } else {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }
}
