package io.seawall.flusher.history;

import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.VerifiedSegment;
import io.seawall.flusher.store.SegmentFiles;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the segment of an LSN, by known names and by headers; keeps the headers that were used last. Thread-safe; every call
 * may block, except {@link #known}.
 */
final class SegmentLookup {
    private static final int MOST_HEADERS = 10_000;

    private final SegmentStore store;
    private final SegmentFiles files;
    private final VerifiedSegments verified;
    private final Map<PChannel, SegmentChain> chains = new ConcurrentHashMap<>();
    private final Map<SegmentKey, SegmentInfo> headers =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<SegmentKey, SegmentInfo> eldest) {
                    return size() > MOST_HEADERS;
                }
            });

    SegmentLookup(SegmentStore store, VerifiedSegments verified) {
        this.store = store;
        this.files = new SegmentFiles(store);
        this.verified = verified;
    }

    /** Returns the names of a log's segments; one small object for each log that was read. */
    SegmentChain chain(PChannel pchannel) {
        return chains.computeIfAbsent(pchannel, log -> new SegmentChain(store, log));
    }

    /** Returns what {@link #find} would return if that needs no I/O; else null. Does not block. */
    LookupResult.@Nullable InSegment known(PChannel pchannel, long lsn, String logId) {
        var chain = chain(pchannel);
        var place = chain.placeOf(lsn);
        var first = chain.first(place);
        var segment = first.isEmpty() ? null : verified.known(chain.key(first.getAsLong()));
        return segment != null
                        && isOf(segment.info(), logId)
                        && !segment.info().isGap()
                        && lsn < segment.info().nextLsn()
                ? new LookupResult.InSegment(segment, chain.first(place + 1))
                : null;
    }

    /**
     * Finds what the segments have at an LSN, and verifies the segment that holds it.
     *
     * @param logId the incarnation of the log that the record must belong to
     * @return what was found, as of a moment after the call
     * @throws io.seawall.wal.OperatorException with {@link ErrorCode#DATA_LOSS} that names a damaged object,
     *     {@link ErrorCode#INTERNAL} that names a folder with segments of another incarnation
     * @throws io.seawall.wal.RetryableException if the store does not answer
     */
    LookupResult find(PChannel pchannel, long lsn, String logId) {
        try {
            return lookUp(pchannel, lsn, logId);
        } catch (RefusedException first) {
            if (!first.stale) {
                throw first.problem;
            }
            // The known names may be out of date: objects were deleted, moved or restored. Start over, once.
            forget(first.key);
            try {
                return lookUp(pchannel, lsn, logId);
            } catch (RefusedException again) {
                throw again.problem;
            }
        }
    }

    private LookupResult lookUp(PChannel pchannel, long lsn, String logId) throws RefusedException {
        var chain = chain(pchannel);
        list(pchannel, chain, false);
        var found = at(chain, lsn, logId);
        if (found.kind() == LookupResult.Kind.BEHIND) {
            // It may have been flushed since.
            list(pchannel, chain, true);
            found = at(chain, lsn, logId);
        }
        if (found instanceof LookupResult.Hole hole) {
            throw new RefusedException(chain.key(hole.expected()), missing(chain, hole, lsn), true);
        }
        return found;
    }

    private LookupResult at(SegmentChain chain, long lsn, String logId) throws RefusedException {
        var place = chain.placeOf(lsn);
        var first = chain.first(place);
        var follower = chain.first(place + 1);
        if (first.isEmpty()) {
            return follower.isEmpty() ? new LookupResult.Behind(0) : new LookupResult.Below(follower.getAsLong());
        }
        var key = chain.key(first.getAsLong());
        // Read the header of the last segment first: there is nothing to verify after its end.
        var info = follower.isEmpty() ? header(key) : headers.get(key);
        if (info == null || info.nextLsn() > lsn) {
            var segment = verify(key);
            info = segment.info();
            checkIncarnation(info, logId);
            if (!info.isGap() && info.nextLsn() > lsn) {
                return new LookupResult.InSegment(segment, follower);
            }
        }
        checkIncarnation(info, logId);
        if (info.nextLsn() > lsn) {
            return new LookupResult.Gap(behindGaps(chain, place, info, logId));
        }
        return follower.isEmpty()
                ? new LookupResult.Behind(info.nextLsn())
                : new LookupResult.Hole(info.nextLsn(), follower.getAsLong());
    }

    private long behindGaps(SegmentChain chain, int place, SegmentInfo gap, String logId) throws RefusedException {
        var next = gap.nextLsn();
        for (var i = place + 1; chain.first(i).equals(OptionalLong.of(next)); i++) {
            var info = header(chain.key(next));
            checkIncarnation(info, logId);
            if (!info.isGap()) {
                return next;
            }
            next = info.nextLsn();
        }
        return next;
    }

    private VerifiedSegment verify(SegmentKey key) throws RefusedException {
        try {
            var segment = verified.get(key);
            headers.put(key, segment.info());
            return segment;
        } catch (IOException e) {
            throw refused(key, e);
        }
    }

    /** Returns a segment's header without verifying the segment. */
    SegmentInfo header(SegmentKey key) throws RefusedException {
        var known = headers.get(key);
        if (known != null) {
            return known;
        }
        try {
            var info = files.info(key);
            headers.put(key, info);
            return info;
        } catch (IOException e) {
            throw refused(key, e);
        }
    }

    /** Returns whether the header of a segment is known, so that {@link #header} needs no I/O. */
    boolean hasHeader(SegmentKey key) {
        return headers.containsKey(key);
    }

    /** Lists a log's segments unless that was done before; with {@code again}, lists those after the last known one. */
    void list(PChannel pchannel, SegmentChain chain, boolean again) {
        try {
            if (again) {
                chain.refresh();
            } else {
                chain.listOnce();
            }
        } catch (IOException e) {
            throw SegmentFiles.unavailable(pchannel, "list the segments of " + pchannel, e);
        }
    }

    /** Forgets the names of a log's segments, and the header and the content of one of them. */
    void forget(SegmentKey key) {
        chain(key.pchannel()).reset();
        headers.remove(key);
        verified.forget(key);
    }

    /** Returns the error for a failure to read an object; forgets an object that is gone. */
    WalException problem(SegmentKey key, IOException error) {
        if (error instanceof NoSuchFileException) {
            forget(key);
        }
        return files.problem(key, error);
    }

    private RefusedException refused(SegmentKey key, IOException e) {
        return new RefusedException(key, files.problem(key, e), e instanceof NoSuchFileException);
    }

    static boolean isOf(SegmentInfo info, String logId) {
        return info.logId().equals(logId);
    }

    private void checkIncarnation(SegmentInfo info, String logId) throws RefusedException {
        if (!isOf(info, logId)) {
            var pchannel = info.key().pchannel();
            throw new RefusedException(
                    info.key(),
                    Problem.of(ErrorCode.INTERNAL, "read " + pchannel + " in its segments")
                            .pchannel(pchannel)
                            .found("segments of the log " + info.logId())
                            .expected("segments of the log " + logId)
                            .fix("the topic was deleted and created again: move the folder of "
                                    + store.describe(info.key()) + " away")
                            .exception(),
                    true);
        }
    }

    private WalException missing(SegmentChain chain, LookupResult.Hole hole, long lsn) {
        var key = chain.key(hole.expected());
        return Problem.of(ErrorCode.DATA_LOSS, "read " + key.pchannel() + " from LSN " + lsn)
                .pchannel(key.pchannel())
                .with("lsn", lsn)
                .with("oldest", hole.nextLsn())
                .found("no segment " + store.describe(key) + ", and the next one begins with LSN " + hole.nextLsn())
                .expected("segments that follow each other without a gap")
                .fix("restore the object from a copy")
                .exception();
    }

    /** The store or an object failed a lookup that was based on cached data. */
    static final class RefusedException extends Exception {
        private final transient SegmentKey key;
        private final WalException problem;
        private final boolean stale;

        /**
         * Creates the exception.
         *
         * @param stale whether only the cached data may be wrong
         */
        RefusedException(SegmentKey key, WalException problem, boolean stale) {
            super(problem);
            this.key = key;
            this.problem = problem;
            this.stale = stale;
        }

        WalException problem() {
            return problem;
        }

        SegmentKey key() {
            return key;
        }

        boolean isStale() {
            return stale;
        }
    }
}
