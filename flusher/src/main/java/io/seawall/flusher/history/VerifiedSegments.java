package io.seawall.flusher.history;

import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.VerifiedSegment;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.flusher.store.SegmentVerification;
import io.seawall.wal.FutureErrors;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Caches which segments were verified, so that each is read completely only once, and the bytes of those used last. Two calls
 * for one segment verify it once. Failures are not cached: the next call verifies again. Not built on a cache library, for the
 * reasons in decision 54. Thread-safe.
 */
final class VerifiedSegments {
    /** The fraction of the room that block positions may take; the rest is for the blocks themselves. */
    private static final int POSITIONS_FRACTION = 8;

    private final SegmentStore store;
    private final SegmentReadCounters counts;
    private final BlockCache blocks;
    private final long mostPositionBytes;
    private final ConcurrentHashMap<SegmentKey, CompletableFuture<VerifiedSegment>> inProgress =
            new ConcurrentHashMap<>();
    /** In the order of use; guarded by itself, as is the sum of their weights. */
    private final LinkedHashMap<SegmentKey, VerifiedSegment> segments = new LinkedHashMap<>(16, 0.75f, true);

    private long positionBytes;
    /** Written by close, read by verifications. */
    private volatile boolean closed;

    VerifiedSegments(SegmentStore store, long roomBytes, SegmentReadCounters counts) {
        this.store = store;
        this.counts = counts;
        this.mostPositionBytes = roomBytes / POSITIONS_FRACTION;
        this.blocks = new BlockCache(roomBytes - mostPositionBytes);
    }

    /** Returns a segment that was verified before; null if it was not, or was evicted. Does not block. */
    @Nullable
    VerifiedSegment known(SegmentKey key) {
        synchronized (segments) {
            return segments.get(key);
        }
    }

    /**
     * Verifies a segment unless that was done before; joins a verification in progress. Blocks.
     *
     * @throws MalformedSegmentException if the object is damaged
     * @throws IOException if the store does not answer
     */
    VerifiedSegment get(SegmentKey key) throws IOException {
        var mine = new CompletableFuture<VerifiedSegment>();
        var other = inProgress.putIfAbsent(key, mine);
        if (other != null) {
            return joined(other);
        }
        try {
            var segment = knownOrVerified(key);
            mine.complete(segment);
            return segment;
        } catch (IOException | RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            inProgress.remove(key, mine);
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

    private VerifiedSegment knownOrVerified(SegmentKey key) throws IOException {
        var known = known(key);
        if (known != null) {
            counts.hits.increment();
            return known;
        }
        return verify(key);
    }

    private VerifiedSegment verify(SegmentKey key) throws IOException {
        var verification = new SegmentVerification(store, key, () -> closed);
        try (var room = blocks.reservation()) {
            var outcome = verification.run(room);
            keep(outcome, room);
            counts.verified.increment();
            return outcome.segment();
        } catch (MalformedSegmentException e) {
            counts.damaged.increment();
            throw e;
        } finally {
            counts.fetchedBytes.add(verification.bytes());
        }
    }

    private void keep(SegmentVerification.Outcome outcome, BlockCache.Reservation room) {
        var segment = outcome.segment();
        synchronized (segments) {
            if (closed) {
                return;
            }
            forget(segment.key());
            segments.put(segment.key(), segment);
            positionBytes += segment.weightBytes();
            while (positionBytes > mostPositionBytes && segments.size() > 1) {
                forget(segments.keySet().iterator().next());
            }
            if (outcome.blocks() != null) {
                room.keep(segment.key(), outcome.blocks());
            }
        }
    }

    /** Returns a block's bytes if they are in memory; callers must not change them. Does not block. */
    byte @Nullable [] block(SegmentKey key, int block) {
        return blocks.block(key, block);
    }

    /** Forgets a segment that has changed or no longer exists. */
    void forget(SegmentKey key) {
        synchronized (segments) {
            var forgotten = segments.remove(key);
            positionBytes -= forgotten == null ? 0 : forgotten.weightBytes();
            blocks.drop(key);
        }
    }

    /** Returns how many bytes of blocks are in memory or reserved. */
    long cachedBytes() {
        return blocks.bytes();
    }

    /** Ends verifications in progress and forgets everything. */
    void close() {
        closed = true;
        synchronized (segments) {
            segments.clear();
            positionBytes = 0;
            blocks.clear();
        }
    }
}
