package io.seawall.flusher.history;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.VerifiedSegment;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Reads the segments of all logs. Thread-safe. */
final class SegmentReads {
    /** How long requests for bounds do not ask a store that failed. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

    /** How often a call is repeated because segments were deleted while it read them. */
    static final int ATTEMPTS = 3;

    private final SegmentStore store;
    private final SegmentReadSettings settings;
    private final LongSupplier nanoTime;
    private final SegmentReadCounters counts = new SegmentReadCounters();
    private final VerifiedSegments verified;
    private final SegmentLookup lookup;
    private final SegmentCoverage coverage;
    private final TimeSearch times;
    private final ReadThreads threads;
    private final Map<PChannel, CompletableFuture<Long>> lookups = new ConcurrentHashMap<>();
    /** When requests for bounds ask the store again; written after failures, read before such requests. */
    private volatile long askAgainAtMs = Long.MIN_VALUE;

    SegmentReads(SegmentStore store, SegmentReadSettings settings, LongSupplier nanoTime) {
        this.store = store;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.verified = new VerifiedSegments(store, settings.cacheBytes(), counts);
        this.lookup = new SegmentLookup(store, verified);
        this.coverage = new SegmentCoverage(lookup);
        this.times = new TimeSearch(lookup, this::reader);
        this.threads = new ReadThreads(settings.threads());
    }

    /** Finds the record of an LSN; in the background, unless its segment is verified already. */
    CompletableFuture<LookupResult> find(PChannel pchannel, long lsn, String logId) {
        var known = lookup.known(pchannel, lsn, logId);
        if (known != null) {
            counts.hits.increment();
            return CompletableFuture.completedFuture(known);
        }
        return threads.ask(() -> {
            var whole = false;
            try {
                var found = lookup.find(pchannel, lsn, logId);
                whole = found.kind() == LookupResult.Kind.IN_SEGMENT || found.kind() == LookupResult.Kind.BEHIND;
                return found;
            } finally {
                if (!whole) {
                    coverage.forget(pchannel);
                }
            }
        });
    }

    /** Verifies a segment ahead of a reader, unless lookups are queued. */
    void readAhead(SegmentKey key) {
        if (verified.known(key) != null) {
            return;
        }
        threads.whenIdle(() -> {
            try {
                verified.get(key);
            } catch (IOException e) {
                // A reader that reaches the segment gets the error.
            }
        });
    }

    /** Opens a segment that was found. */
    SegmentReader reader(VerifiedSegment segment, long fromLsn) throws IOException {
        return SegmentReader.open(segment, new BlockSource(store, verified, segment, counts), fromLsn);
    }

    /** Returns the error for a failure to read a segment. */
    WalException problem(SegmentKey key, IOException error) {
        return lookup.problem(key, error);
    }

    /**
     * Finds the first record at or after a moment that segments hold, from the oldest on. Blocks.
     *
     * @param to where to end, exclusive
     * @return its LSN; empty if all of them are older
     */
    OptionalLong atTime(PChannel pchannel, String logId, long to, long timeMs) {
        for (var attempt = 1; ; attempt++) {
            var from = oldest(pchannel, to, logId);
            if (from >= to) {
                return OptionalLong.empty();
            }
            try {
                return times.find(pchannel, logId, from, to, timeMs);
            } catch (SegmentsChangedException changed) {
                // Never taken for "all are older": that would leave records out.
                coverage.forget(pchannel);
                if (attempt == ATTEMPTS) {
                    throw changed.problem(pchannel);
                }
            }
        }
    }

    /**
     * Returns the oldest LSN from which segments lead to the given one. Blocks.
     *
     * @throws WalException if the store does not answer
     */
    long oldest(PChannel pchannel, long lsn, String logId) {
        return coverage.canExtend(pchannel, lsn, logId)
                ? coverage.extendTo(pchannel, lsn, logId)
                : coverage.known(pchannel, lsn, logId);
    }

    /**
     * Returns the same LSN as far as it is known, or becomes known within a short time; never fails.
     *
     * @param logId returns the incarnation of the log; not called if Kafka has all of it
     * @param wait how long to wait
     */
    long oldestKnown(PChannel pchannel, long lsn, Supplier<String> logId, Duration wait) {
        if (lsn == 0) {
            return 0;
        }
        String id;
        try {
            id = logId.get();
        } catch (WalException away) {
            return lsn;
        }
        if (coverage.canExtend(pchannel, lsn, id) && elapsedMs() >= askAgainAtMs) {
            awaited(readCoverage(pchannel, lsn, id), wait);
        }
        return coverage.known(pchannel, lsn, id);
    }

    /** Runs at most one lookup at a time for each log. */
    private CompletableFuture<Long> readCoverage(PChannel pchannel, long lsn, String logId) {
        var mine = new CompletableFuture<Long>();
        var other = lookups.putIfAbsent(pchannel, mine);
        if (other != null) {
            return other;
        }
        var unused = threads.ask(() -> coverage.extendTo(pchannel, lsn, logId)).whenComplete((oldest, error) -> {
            if (error != null) {
                askAgainAtMs = elapsedMs() + PAUSE_AFTER_FAILURE.toMillis();
            }
            lookups.remove(pchannel, mine);
            mine.complete(lsn);
        });
        return mine;
    }

    private static void awaited(CompletableFuture<Long> lookup, Duration wait) {
        try {
            lookup.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The lookup continues; the next caller gets its result.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns milliseconds since an arbitrary origin, which may be negative; never jumps. */
    long elapsedMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }

    SegmentReadSettings settings() {
        return settings;
    }

    SegmentReadCounters counts() {
        return counts;
    }

    SegmentReadStats stats() {
        return counts.snapshot(verified.cachedBytes());
    }

    /** Ends lookups in progress; does not wait for them. */
    void close() {
        verified.close();
        threads.stop();
    }
}
