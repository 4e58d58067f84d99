package io.seawall.node;

import io.seawall.flusher.Flusher;
import io.seawall.flusher.SegmentInfo;
import io.seawall.flusher.Segments;
import io.seawall.node.ports.Flushes;
import io.seawall.wal.PChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Flushing and segments, for the HTTP layer. */
final class SegmentFlushes implements Flushes {
    private static final int MOST_ERRORS = 100;

    private final Flusher flusher;
    private final Segments segments;

    SegmentFlushes(Flusher flusher, Segments segments) {
        this.flusher = flusher;
        this.segments = segments;
    }

    @Override
    public CompletableFuture<Long> flush(PChannel pchannel) {
        return flusher.flush(pchannel);
    }

    @Override
    public List<Segment> segments(PChannel pchannel, long from, int limit) {
        return segments.list(pchannel).stream()
                .filter(segment -> segment.lastLsn() >= from)
                .limit(limit)
                .map(SegmentFlushes::toSegment)
                .toList();
    }

    private static Segment toSegment(SegmentInfo info) {
        return new Segment(info.key().path(), info.firstLsn(), info.lastLsn(), info.recordCount(), info.fileBytes());
    }

    @Override
    public Verified verify(PChannel pchannel) {
        var report = segments.verify(pchannel);
        var errors = report.bad().stream()
                .limit(MOST_ERRORS)
                .map(bad -> bad.object() + ": " + bad.problem())
                .toList();
        return new Verified(
                report.segments(), report.records(), report.nextLsn().orElse(0), errors);
    }
}
