package io.seawall.flusher.history;

import io.seawall.flusher.history.SegmentLookup.RefusedException;
import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.VerifiedSegment;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Finds the first record at or after a point in time: by a binary search over headers, then by blocks in one segment.
 * Timestamps never decrease within a log. Every call blocks.
 */
final class TimeSearch {
    private static final PollLimits SOME = PollLimits.records(1_000);

    private final SegmentLookup lookup;
    private final SegmentOpener opener;

    /** Opens a reader of a verified segment. */
    interface SegmentOpener {
        SegmentReader open(VerifiedSegment segment, long fromLsn) throws IOException;
    }

    TimeSearch(SegmentLookup lookup, SegmentOpener opener) {
        this.lookup = lookup;
        this.opener = opener;
    }

    /**
     * Searches the segments from one LSN to another, which follow each other.
     *
     * @param from where to begin, inclusive
     * @param to where to end, exclusive
     * @param timeMs the point in time, in milliseconds since the epoch
     * @return the LSN of the first record that is not older; empty if all are
     * @throws SegmentsChangedException if segments are gone that were known
     * @throws io.seawall.wal.WalException as {@link SegmentLookup#find} does
     */
    OptionalLong find(PChannel pchannel, String logId, long from, long to, long timeMs)
            throws SegmentsChangedException {
        var chain = lookup.chain(pchannel);
        var low = chain.placeOf(from);
        var high = chain.placeOf(to - 1) + 1;
        if (low < 0 || high <= low) {
            throw forgotten();
        }
        var end = high;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (isOlder(chain, low, middle, timeMs)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == end) {
            return OptionalLong.empty();
        }
        var begin = Math.max(firstLsn(chain, low), from);
        if (lookup.find(pchannel, begin, logId) instanceof LookupResult.InSegment found) {
            return OptionalLong.of(inside(found.segment(), begin, timeMs));
        }
        throw new SegmentsChangedException("no record of LSN " + begin + " any more");
    }

    /**
     * Returns whether all records up to a segment are older. A gap has no timestamps, so the segment before it decides.
     */
    private boolean isOlder(SegmentChain chain, int low, int place, long timeMs) throws SegmentsChangedException {
        for (var i = place; i >= low; i--) {
            var key = chain.key(firstLsn(chain, i));
            try {
                var info = lookup.header(key);
                if (!info.isGap()) {
                    return info.timestampsMs().max() < timeMs;
                }
            } catch (RefusedException e) {
                throw changedOr(e);
            }
        }
        return true;
    }

    private static long firstLsn(SegmentChain chain, int place) throws SegmentsChangedException {
        return chain.first(place).orElseThrow(TimeSearch::forgotten);
    }

    /** Another reader found a segment gone, and the names were forgotten since the caller listed them. */
    private static SegmentsChangedException forgotten() {
        return new SegmentsChangedException("that the names of its segments were forgotten, because an object is gone");
    }

    private SegmentsChangedException changedOr(RefusedException refused) throws SegmentsChangedException {
        if (!refused.isStale()) {
            throw refused.problem();
        }
        lookup.forget(refused.key());
        return new SegmentsChangedException(String.valueOf(refused.getMessage()));
    }

    private long inside(VerifiedSegment segment, long begin, long timeMs) {
        try {
            // The last block whose first record is older: the record is in it or begins the next block.
            var low = segment.blockOf(begin);
            var high = segment.blocks();
            while (high - low > 1) {
                var middle = (low + high) >>> 1;
                if (firstOf(segment, segment.firstLsn(middle)).timestampMs() < timeMs) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            return scan(segment, Math.max(begin, segment.firstLsn(low)), timeMs);
        } catch (IOException e) {
            throw lookup.problem(segment.key(), e);
        }
    }

    private LogRecord firstOf(VerifiedSegment segment, long lsn) throws IOException {
        try (var reader = opener.open(segment, lsn)) {
            return reader.read(PollLimits.records(1)).get(0);
        }
    }

    private long scan(VerifiedSegment segment, long from, long timeMs) throws IOException {
        try (var reader = opener.open(segment, from)) {
            for (var records = reader.read(SOME); !records.isEmpty(); records = reader.read(SOME)) {
                for (var record : records) {
                    if (record.timestampMs() >= timeMs) {
                        return record.lsn();
                    }
                }
            }
        }
        throw new MalformedSegmentException("no record is as new as the header's latest timestamp, "
                + segment.info().timestampsMs().max() + "; searched for " + timeMs);
    }
}
