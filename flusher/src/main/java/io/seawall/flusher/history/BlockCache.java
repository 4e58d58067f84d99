package io.seawall.flusher.history;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentVerification;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of the segments that were used last, as far as there is room. A verification reserves room before it reads a
 * segment, so that segments that are still being read count too: all of them together never exceed the room. Thread-safe;
 * nothing blocks.
 */
final class BlockCache {
    private final long mostBytes;
    /** In the order of use; guarded by this, as are the two sums. */
    private final LinkedHashMap<SegmentKey, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    private long keptBytes;
    private long reservedBytes;

    private record Kept(List<byte[]> blocks, long bytes) {}

    /**
     * Creates an empty cache.
     *
     * @param mostBytes the most bytes of blocks in memory, those being read included
     */
    BlockCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Returns a block's bytes if they are in memory; callers must not change them. */
    synchronized byte @Nullable [] block(SegmentKey key, int block) {
        var found = kept.get(key);
        return found == null ? null : found.blocks().get(block);
    }

    /** Forgets the blocks of a segment. Readers that hold one of them keep it. */
    synchronized void drop(SegmentKey key) {
        var dropped = kept.remove(key);
        keptBytes -= dropped == null ? 0 : dropped.bytes();
    }

    synchronized void clear() {
        kept.clear();
        keptBytes = 0;
    }

    /** Returns how many bytes of blocks are in memory or reserved. */
    synchronized long bytes() {
        return keptBytes + reservedBytes;
    }

    /** Returns the room of one verification, nothing at first. */
    Reservation reservation() {
        return new Reservation();
    }

    private synchronized boolean reserve(long bytes) {
        if (reservedBytes + bytes > mostBytes) {
            return false;
        }
        reservedBytes += bytes;
        var eldest = kept.values().iterator();
        while (keptBytes + reservedBytes > mostBytes) {
            keptBytes -= eldest.next().bytes();
            eldest.remove();
        }
        return true;
    }

    private synchronized void release(long bytes) {
        reservedBytes -= bytes;
    }

    private synchronized void keep(SegmentKey key, Kept blocks) {
        drop(key);
        kept.put(key, blocks);
        keptBytes += blocks.bytes();
        reservedBytes -= blocks.bytes();
    }

    /** The room of one verification, which either keeps the blocks or gives the room back. Used by one thread. */
    final class Reservation implements SegmentVerification.Room, AutoCloseable {
        private long bytes;

        /** Reserves room; evicts the segments that were unused for longest. Called once. */
        @Override
        public boolean reserve(long wanted) {
            var granted = BlockCache.this.reserve(wanted);
            bytes = granted ? wanted : 0;
            return granted;
        }

        /** Keeps blocks whose size was granted. */
        void keep(SegmentKey key, List<byte[]> blocks) {
            BlockCache.this.keep(key, new Kept(blocks, bytes));
            bytes = 0;
        }

        @Override
        public void close() {
            release(bytes);
            bytes = 0;
        }
    }
}
