package io.seawall.flusher.history;

import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.VerifiedSegment;
import io.seawall.flusher.store.SegmentStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the blocks of a verified segment, from memory or from the store; each block from the store is compared with the one
 * that was verified. Used by one thread at a time; {@link #close} may come from any thread and makes a read in progress fail.
 */
final class BlockSource implements AutoCloseable {
    private final SegmentStore store;
    private final VerifiedSegments verified;
    private final VerifiedSegment segment;
    private final SegmentReadCounters counts;
    private @Nullable InputStream stream; // guarded by this
    private boolean closed; // guarded by this
    private int next; // the index of the stream's next block

    BlockSource(SegmentStore store, VerifiedSegments verified, VerifiedSegment segment, SegmentReadCounters counts) {
        this.store = store;
        this.verified = verified;
        this.segment = segment;
        this.counts = counts;
    }

    /**
     * Reads a block.
     *
     * @return its bytes; callers must not change them
     * @throws MalformedSegmentException if it is not the block that was verified
     * @throws IOException if the store does not answer
     */
    byte[] block(int block) throws IOException {
        var kept = verified.block(segment.key(), block);
        if (kept != null) {
            return kept;
        }
        var bytes = fetch(block);
        counts.fetchedBytes.add(bytes.length);
        var crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        if ((int) crc.getValue() != segment.crc32c(block)) {
            // The present object must be verified from its beginning.
            verified.forget(segment.key());
            counts.damaged.increment();
            throw new MalformedSegmentException(
                    "the block at byte " + segment.start(block) + " is not what it was when the object was verified");
        }
        return bytes;
    }

    private byte[] fetch(int block) throws IOException {
        var used = stream();
        if (used != null && next == block) {
            try {
                return readFrom(used, block);
            } catch (IOException cutOff) {
                // A store may drop a response that was idle for a while, so try once more.
                closeStream();
            }
        }
        return readFrom(reopened(block), block);
    }

    private byte[] readFrom(InputStream in, int block) throws IOException {
        var length = segment.length(block);
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the store's response ended inside the block at byte " + segment.start(block));
        }
        next = block + 1;
        return bytes;
    }

    private synchronized @Nullable InputStream stream() {
        return stream;
    }

    private InputStream reopened(int block) throws IOException {
        closeStream();
        var opened = store.open(segment.key(), segment.start(block));
        synchronized (this) {
            if (!closed) {
                stream = opened;
                next = block;
                return opened;
            }
        }
        opened.close();
        throw new IOException("the reader was closed");
    }

    private void closeStream() {
        InputStream last;
        synchronized (this) {
            last = stream;
            stream = null;
        }
        try {
            if (last != null) {
                last.close();
            }
        } catch (IOException e) {
            // The stream was only read, so a failed close loses nothing.
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        closeStream();
    }
}
