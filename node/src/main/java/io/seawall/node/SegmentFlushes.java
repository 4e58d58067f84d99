package io.seawall.node;

import io.seawall.flusher.Flusher;
import io.seawall.flusher.Segments;
import io.seawall.node.ports.Flushes;
import io.seawall.node.segments.SegmentFacts;
import io.seawall.wal.PChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Flushing and segments, for the HTTP layer. */
final class SegmentFlushes implements Flushes {
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
                .map(SegmentFacts::segment)
                .toList();
    }

    @Override
    public List<PChannel> pchannelsWithSegments(String topic) {
        return segments.pchannels().stream()
                .filter(pchannel -> pchannel.topic().equals(topic))
                .toList();
    }

    @Override
    public int deleteSegments(PChannel pchannel) {
        return segments.delete(pchannel);
    }

    @Override
    public Verified verify(PChannel pchannel) {
        return SegmentFacts.verified(segments.verify(pchannel));
    }
}
