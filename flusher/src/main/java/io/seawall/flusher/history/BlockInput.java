package io.seawall.flusher.history;

import io.seawall.flusher.segment.VerifiedSegment;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Presents a segment as an Avro file: its header, followed by any of its blocks. Used by one thread. */
final class BlockInput extends InputStream {
    private final VerifiedSegment segment;
    private final BlockSource source;
    private byte[] current;
    private int position;
    private int next;
    private @Nullable IOException failure;

    BlockInput(VerifiedSegment segment, BlockSource source, int firstBlock) {
        this.segment = segment;
        this.source = source;
        this.current = segment.header();
        this.next = firstBlock;
    }

    /** Rethrows the source's exception: Avro wraps it in the same exception as a record that it cannot parse. */
    void rethrowFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public int read() throws IOException {
        return more() ? current[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        var count = Math.min(length, current.length - position);
        System.arraycopy(current, position, buffer, offset, count);
        position += count;
        return count;
    }

    private boolean more() throws IOException {
        while (position == current.length) {
            if (next == segment.blocks()) {
                return false;
            }
            try {
                current = source.block(next);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
            position = 0;
            next++;
        }
        return true;
    }
}
