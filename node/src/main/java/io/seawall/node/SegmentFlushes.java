package io.seawall.node;

import io.seawall.flusher.FlushStatus;
import io.seawall.flusher.Flusher;
import io.seawall.flusher.store.Segments;
import io.seawall.node.ports.Flushes;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.segments.SegmentFacts;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Serves the HTTP layer's requests about flushing and segments. */
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

    /** Returns the flush state for the status of a pchannel; empty if the pchannel is not flushed here. */
    Optional<PChannelStatus.Flush> state(PChannel pchannel) {
        return flusher.status(pchannel)
                .map(status -> new PChannelStatus.Flush(
                        lower(status.state()),
                        status.paused(),
                        status.waitsFor() == FlushStatus.Wait.NOTHING ? null : lower(status.waitsFor()),
                        status.failures(),
                        status.error().map(SegmentFlushes::sentence).orElse(null),
                        status.trouble()
                                .trimError()
                                .map(SegmentFlushes::sentence)
                                .orElse(null)));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String sentence(WalException error) {
        return error.code() + ": " + error.getMessage();
    }

    @Override
    public void pause(PChannel pchannel) {
        flusher.pause(pchannel);
    }

    @Override
    public void resume(PChannel pchannel) {
        flusher.resume(pchannel);
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
