package io.seawall.flusher.store;

import io.seawall.flusher.segment.LsnRange;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The segments that hold a range of records. Their headers were checked, before the first record is returned, to follow each
 * other and to cover the range.
 *
 * @param pchannel the log
 * @param firstLsn the LSN of the first record, inclusive
 * @param nextLsn the LSN after the last record
 * @param segments the segments, in order; empty if the range is
 */
record ReadPlan(PChannel pchannel, long firstLsn, long nextLsn, List<SegmentInfo> segments) {
    ReadPlan {
        segments = List.copyOf(segments);
    }

    /**
     * Finds the segments.
     *
     * @throws WalException with NOT_FOUND if the log has none, TRIMMED or BEYOND_TAIL if they do not cover the range, DATA_LOSS
     *     if one is damaged or missing, UNAVAILABLE if the store does not answer
     */
    static ReadPlan of(SegmentStore store, SegmentFiles files, PChannel pchannel, LsnRange range) {
        var keys = keys(store, pchannel);
        var segments = new ArrayList<SegmentInfo>();
        var start = start(pchannel, keys, range);
        var next = keys.get(start).firstLsn();
        for (var key : keys.subList(start, keys.size())) {
            if (next > range.last().orElse(Long.MAX_VALUE)) {
                break;
            }
            if (key.firstLsn() != next) {
                throw brokenChain(store, key, next);
            }
            var info = info(files, key);
            next = info.nextLsn();
            if (!info.isGap()) {
                segments.add(info);
            } else if (range.first().isPresent() || !segments.isEmpty()) {
                throw gap(info);
            }
            // Otherwise the log begins after the gap: the range does not include it explicitly.
        }
        return checked(pchannel, range, next, segments);
    }

    private static ReadPlan checked(PChannel pchannel, LsnRange range, long next, List<SegmentInfo> segments) {
        var first =
                range.first().orElse(segments.isEmpty() ? next : segments.get(0).firstLsn());
        var end = range.last().isPresent() ? range.last().getAsLong() + 1 : Math.max(next, first);
        if (first > next || end > next) {
            throw Problem.of(ErrorCode.BEYOND_TAIL, "read LSN " + Math.max(first, end - 1) + " of " + pchannel)
                    .pchannel(pchannel)
                    .found("segments up to LSN " + (next - 1))
                    .fix("newer records are only in Kafka: flush the log first, or ask for less")
                    .with("tail", next)
                    .exception();
        }
        return new ReadPlan(pchannel, first, end, segments);
    }

    private static List<SegmentKey> keys(SegmentStore store, PChannel pchannel) {
        try {
            var keys = store.list(pchannel, -1);
            if (keys.isEmpty()) {
                throw Problem.of(ErrorCode.NOT_FOUND, "read the segments of " + pchannel)
                        .pchannel(pchannel)
                        .found("no segment " + SegmentKey.folder(pchannel) + "/... in the store")
                        .exception();
            }
            return keys;
        } catch (IOException e) {
            throw SegmentFiles.unavailable(pchannel, "list the segments of " + pchannel, e);
        }
    }

    /** Returns the index of the segment in which the range begins. */
    private static int start(PChannel pchannel, List<SegmentKey> keys, LsnRange range) {
        if (range.first().isEmpty()) {
            return 0;
        }
        var first = range.first().getAsLong();
        var oldest = keys.get(0).firstLsn();
        if (first < oldest) {
            throw Problem.of(ErrorCode.TRIMMED, "read LSN " + first + " of " + pchannel)
                    .pchannel(pchannel)
                    .found("segments from LSN " + oldest + " on")
                    .with("oldest", oldest)
                    .exception();
        }
        var index = keys.size() - 1;
        while (keys.get(index).firstLsn() > first) {
            index--;
        }
        return index;
    }

    private static SegmentInfo info(SegmentFiles files, SegmentKey key) {
        try {
            return files.info(key);
        } catch (IOException e) {
            throw files.problem(key, e);
        }
    }

    private static WalException gap(SegmentInfo info) {
        return Problem.of(
                        ErrorCode.TRIMMED,
                        "read LSN " + info.firstLsn() + " of " + info.key().pchannel())
                .pchannel(info.key().pchannel())
                .found("a gap: LSNs " + info.firstLsn() + " to " + info.lastLsn()
                        + " were trimmed before they were flushed")
                .fix("read the records before it and after it separately")
                .with("oldest", info.nextLsn())
                .exception();
    }

    private static WalException brokenChain(SegmentStore store, SegmentKey key, long expected) {
        return Problem.of(ErrorCode.DATA_LOSS, "continue at LSN " + expected + " of " + key.pchannel())
                .pchannel(key.pchannel())
                .found("the segment " + store.describe(key) + " next")
                .expected("a segment that begins with LSN " + expected)
                .fix("'seawall segments verify' reports everything that is wrong with the chain")
                .exception();
    }
}
