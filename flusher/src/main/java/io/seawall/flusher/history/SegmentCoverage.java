package io.seawall.flusher.history;

import io.seawall.flusher.history.SegmentLookup.RefusedException;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.PChannel;
import io.seawall.wal.RetryableException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How far back a log can be read without a gap, according to the headers. Reads headers from the newest backwards, a few at a
 * time and each once, so that a log of a million segments costs no more than one of a hundred. Until all are read, the first
 * segment counts as the oldest that can be reached. Thread-safe; methods that block say so.
 */
final class SegmentCoverage {
    /** The most headers that one call reads. */
    private static final int HEADERS_PER_LOOK = 64;

    private final SegmentLookup lookup;
    private final Map<PChannel, Run> runs = new ConcurrentHashMap<>();

    /**
     * Records that follow each other.
     *
     * @param logId the incarnation of the log
     * @param from the lowest LSN that is known to be connected with the end
     * @param first where the segments begin, which may be connected as well unless {@code ended}
     * @param to the LSN after the last record
     * @param ended whether it is known that nothing below {@code from} is connected
     * @param settled whether the segments reach to {@code to}, so that no later segment can lead there. A flusher may have read
     *     records before they were trimmed, and publishes them only afterwards
     */
    private record Run(String logId, long from, long first, long to, boolean ended, boolean settled) {
        boolean covers(String id, long lsn) {
            return settled && logId.equals(id) && from <= lsn && lsn <= to;
        }

        static Run nothing(String logId, long lsn, boolean settled) {
            return new Run(logId, lsn, lsn, lsn, true, settled);
        }

        long oldest() {
            return ended ? from : first;
        }
    }

    SegmentCoverage(SegmentLookup lookup) {
        this.lookup = lookup;
    }

    /**
     * Returns the oldest LSN from which segments lead to the given one, as far as is known; the given LSN if nothing is. Does
     * not block.
     *
     * @param logId the incarnation of the log
     */
    long known(PChannel pchannel, long lsn, String logId) {
        var run = runs.get(pchannel);
        return run == null || !run.logId().equals(logId) ? lsn : Math.min(run.oldest(), lsn);
    }

    /**
     * Returns whether {@link #extendTo} would find more. Does not block.
     *
     * @param logId the incarnation of the log
     */
    boolean canExtend(PChannel pchannel, long lsn, String logId) {
        var run = runs.get(pchannel);
        return run == null
                || run.to() < lsn
                || !run.ended()
                || !run.settled()
                || !run.logId().equals(logId);
    }

    /**
     * Finds how far back the segments lead from an LSN. Blocks.
     *
     * @param lsn where Kafka's part begins
     * @param logId the incarnation of the log
     * @return the oldest LSN; the same one if no segment leads to it
     * @throws io.seawall.wal.WalException if the store does not answer or the newest headers cannot be read
     */
    long extendTo(PChannel pchannel, long lsn, String logId) {
        try {
            return extended(pchannel, lsn, logId);
        } catch (RefusedException first) {
            if (!first.isStale()) {
                throw first.problem();
            }
            // An object was deleted after its name was listed. If the name stayed, every later call would fail.
            lookup.forget(first.key());
            forget(pchannel);
            try {
                return extended(pchannel, lsn, logId);
            } catch (RefusedException again) {
                throw again.problem();
            }
        }
    }

    private long extended(PChannel pchannel, long lsn, String logId) throws RefusedException {
        var chain = lookup.chain(pchannel);
        lookup.list(pchannel, chain, false);
        var before = runs.get(pchannel);
        if (before == null || !before.covers(logId, lsn)) {
            lookup.list(pchannel, chain, true);
            before = before != null && before.logId().equals(logId) ? before : null;
            before = leadingTo(chain, lsn, logId, before);
        } else if (!before.ended()) {
            before = further(chain, before, HEADERS_PER_LOOK, null);
        }
        runs.put(pchannel, before);
        return Math.min(before.oldest(), lsn);
    }

    /** Forgets a log whose segments have changed. */
    void forget(PChannel pchannel) {
        runs.remove(pchannel);
    }

    private Run leadingTo(SegmentChain chain, long lsn, String logId, @Nullable Run before) throws RefusedException {
        var place = chain.placeOf(lsn - 1);
        var first = chain.first(place);
        if (first.isEmpty()) {
            return Run.nothing(logId, lsn, chain.first(0).isPresent());
        }
        var info = lookup.header(chain.key(first.getAsLong()));
        if (!SegmentLookup.isOf(info, logId)) {
            return Run.nothing(logId, lsn, false); // until an operator moves the folder away
        }
        if (info.isGap() || info.nextLsn() < lsn) {
            return Run.nothing(
                    logId, lsn, info.nextLsn() >= lsn || chain.first(place + 1).isPresent());
        }
        var run = new Run(logId, info.firstLsn(), info.firstLsn(), info.nextLsn(), false, true);
        return further(chain, run, HEADERS_PER_LOOK, before);
    }

    /** Goes back until a segment is not connected, the older run is reached, or enough headers were read. */
    private Run further(SegmentChain chain, Run run, int most, @Nullable Run older) throws RefusedException {
        var from = run.from();
        var ended = false;
        var read = 0;
        for (var place = chain.placeOf(from) - 1; ; place--) {
            if (older != null && older.from() <= from && from <= older.to()) {
                from = older.from();
                ended = older.ended();
                break;
            }
            var first = chain.first(place);
            if (first.isEmpty()) {
                ended = true;
                break;
            }
            var key = chain.key(first.getAsLong());
            if (!lookup.hasHeader(key)) {
                read++;
            }
            if (read > most) {
                break;
            }
            if (!leadsOn(key, from, run.logId())) {
                ended = true;
                break;
            }
            from = key.firstLsn();
        }
        return new Run(run.logId(), from, ended ? from : beginning(chain, from), run.to(), ended, true);
    }

    private boolean leadsOn(SegmentKey key, long next, String logId) throws RefusedException {
        try {
            var info = lookup.header(key);
            return !info.isGap() && info.nextLsn() >= next && SegmentLookup.isOf(info, logId);
        } catch (RefusedException e) {
            if (e.problem() instanceof RetryableException) {
                throw e;
            }
            // The object is damaged: a reader that reaches it gets the error. Beginning after it would silently skip it
            // for as long as this is remembered, although the object may be repaired.
            return true;
        }
    }

    /** Returns where the segments begin: after the leading gap, if the log was not flushed from its start. */
    private long beginning(SegmentChain chain, long from) {
        var first = chain.first(0);
        for (var place = 0; first.isPresent() && first.getAsLong() < from && place < HEADERS_PER_LOOK; place++) {
            try {
                var info = lookup.header(chain.key(first.getAsLong()));
                if (!info.isGap()) {
                    break;
                }
                first = OptionalLong.of(info.nextLsn());
            } catch (RefusedException e) {
                break;
            }
        }
        return Math.min(first.orElse(from), from);
    }
}
