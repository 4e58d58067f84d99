package io.seawall.flusher.history;

import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.VerifiedSegment;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.flusher.store.SegmentVerification;
import io.seawall.wal.FutureErrors;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Caches which segments were verified, so that each is read completely only once, and the bytes of those used last, as far as
 * there is room. Failures are not cached: the next call verifies again. Thread-safe.
 */
final class VerifiedSegments {
    /** The fraction of the room that block positions may take; the rest is for the blocks themselves. */
    private static final int SHARE_OF_PLACES = 8;

    private final SegmentStore store;
    private final SegmentReadCounters counts;
    private final long mostPlaces;
    private final long mostBlocks;
    private final ConcurrentHashMap<SegmentKey, CompletableFuture<VerifiedSegment>> underWay =
            new ConcurrentHashMap<>();
    /** In the order of use; guarded by itself, as are the two sums. */
    private final LinkedHashMap<SegmentKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private long places;
    private long blocks; // includes those reserved for a verification in progress
    private volatile boolean closed; // written by close, read by verifications

    private static final class Entry {
        final VerifiedSegment segment;

        @Nullable
        List<byte[]> blocks; // guarded by the entries' lock

        Entry(VerifiedSegment segment, @Nullable List<byte[]> blocks) {
            this.segment = segment;
            this.blocks = blocks;
        }
    }

    VerifiedSegments(SegmentStore store, long roomBytes, SegmentReadCounters counts) {
        this.store = store;
        this.counts = counts;
        this.mostPlaces = roomBytes / SHARE_OF_PLACES;
        this.mostBlocks = roomBytes - mostPlaces;
    }

    /** Returns a segment that was verified before; null if it was not, or was evicted. Does not block. */
    @Nullable
    VerifiedSegment known(SegmentKey key) {
        synchronized (entries) {
            var entry = entries.get(key);
            return entry == null ? null : entry.segment;
        }
    }

    /**
     * Verifies a segment unless that was done before; joins a verification in progress. Blocks.
     *
     * @throws MalformedSegmentException if the object is damaged
     * @throws IOException if the store does not answer
     */
    VerifiedSegment get(SegmentKey key) throws IOException {
        var known = known(key);
        if (known != null) {
            counts.hits.increment();
            return known;
        }
        var mine = new CompletableFuture<VerifiedSegment>();
        var other = underWay.putIfAbsent(key, mine);
        if (other != null) {
            return joined(other);
        }
        try {
            var segment = verify(key);
            mine.complete(segment);
            return segment;
        } catch (IOException | RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(key, mine);
        }
    }

    private static VerifiedSegment joined(CompletableFuture<VerifiedSegment> other) throws IOException {
        try {
            return other.join();
        } catch (CompletionException e) {
            if (FutureErrors.unwrapped(e) instanceof IOException failed) {
                throw failed;
            }
            throw e;
        }
    }

    private VerifiedSegment verify(SegmentKey key) throws IOException {
        var verification = new SegmentVerification(store, key, () -> closed);
        var room = new Reservation();
        try {
            var outcome = verification.run(room);
            keep(new Entry(outcome.segment(), outcome.blocks()));
            counts.verified.increment();
            return outcome.segment();
        } catch (IOException | RuntimeException | Error e) {
            room.release();
            if (e instanceof MalformedSegmentException) {
                counts.damaged.increment();
            }
            throw e;
        } finally {
            counts.fetchedBytes.add(verification.bytes());
        }
    }

    private void keep(Entry entry) {
        synchronized (entries) {
            var before = entries.put(entry.segment.key(), entry);
            if (before != null) {
                dropped(before);
            }
            places += entry.segment.weightBytes();
            var eldest = entries.values().iterator();
            while (places > mostPlaces && entries.size() > 1 && eldest.hasNext()) {
                var old = eldest.next();
                if (old != entry) {
                    eldest.remove();
                    dropped(old);
                }
            }
        }
    }

    /** Returns a block's bytes if they are in memory; callers must not change them. Does not block. */
    byte @Nullable [] block(SegmentKey key, int block) {
        synchronized (entries) {
            var entry = entries.get(key);
            return entry == null || entry.blocks == null ? null : entry.blocks.get(block);
        }
    }

    /** Forgets a segment that has changed or no longer exists. */
    void forget(SegmentKey key) {
        synchronized (entries) {
            var entry = entries.remove(key);
            if (entry != null) {
                dropped(entry);
            }
        }
    }

    /** Returns how many bytes of blocks are in memory or reserved. */
    long cachedBytes() {
        synchronized (entries) {
            return blocks;
        }
    }

    private void dropped(Entry entry) {
        places -= entry.segment.weightBytes();
        dropBlocks(entry);
    }

    private void dropBlocks(Entry entry) {
        if (entry.blocks != null) {
            blocks -= entry.segment.info().blocks().bytes();
            entry.blocks = null;
        }
    }

    /** Ends verifications in progress and forgets everything. */
    void close() {
        closed = true;
        synchronized (entries) {
            entries.values().forEach(this::dropped);
            entries.clear();
        }
    }

    /** The room of one verification; evicts the segments that were unused for longest. */
    private final class Reservation implements SegmentVerification.Room {
        private long bytes;

        @Override
        public boolean reserve(long wanted) {
            if (wanted > mostBlocks) {
                return false;
            }
            synchronized (entries) {
                for (Map.Entry<SegmentKey, Entry> eldest : entries.entrySet()) {
                    if (blocks + wanted <= mostBlocks) {
                        break;
                    }
                    dropBlocks(eldest.getValue());
                }
                if (blocks + wanted > mostBlocks) {
                    return false;
                }
                blocks += wanted;
                bytes = wanted;
                return true;
            }
        }

        void release() {
            synchronized (entries) {
                blocks -= bytes;
                bytes = 0;
            }
        }
    }
}
