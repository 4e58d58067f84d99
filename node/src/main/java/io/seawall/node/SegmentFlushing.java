package io.seawall.node;

import io.seawall.flusher.Flusher;
import io.seawall.flusher.history.SegmentReadSettings;
import io.seawall.flusher.history.TieredReaders;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.flusher.store.Segments;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.Flushes;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalReaders;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Flushing that is on: to a segment store, from which the node's readers read as well. */
final class SegmentFlushing implements Flushing {
    private final NodeConfig config;
    private final WalReaders kafka;
    private final SegmentStore store;
    private final LongSupplier nanoTime;
    private final FlushMetrics counts = new FlushMetrics();
    private final Flusher flusher;
    private final Segments segments;
    private final SegmentFlushes flushes;

    /**
     * Starts a flusher.
     *
     * @param config the node's configuration
     * @param kafka reads logs from Kafka; the caller closes it
     * @param store the segments; the caller closes it
     * @param clock the time of day, for the ages of records
     * @param nanoTime a monotonic clock in nanoseconds, for waits of the flusher and of reads in segments
     */
    SegmentFlushing(
            NodeConfig config, WalReaders kafka, SegmentStore store, InstantSource clock, LongSupplier nanoTime) {
        this.config = config;
        this.kafka = kafka;
        this.store = store;
        this.nanoTime = nanoTime;
        flusher = new Flusher(store, kafka, FlushSetup.settings(config), counts, clock, nanoTime);
        segments = new Segments(store);
        flushes = new SegmentFlushes(flusher, segments);
    }

    @Override
    public void register(FlushableWal wal) {
        flusher.register(wal);
    }

    @Override
    public void unregister(FlushableWal wal) {
        flusher.unregister(wal);
    }

    @Override
    public Flushes flushes() {
        return flushes;
    }

    @Override
    public OptionalLong known(PChannel pchannel) {
        return flusher.flushed(pchannel);
    }

    @Override
    public OptionalLong stored(PChannel pchannel) {
        return segments.end(pchannel);
    }

    @Override
    public Optional<PChannelStatus.Flush> state(PChannel pchannel) {
        return flushes.state(pchannel);
    }

    @Override
    public TieredReads openReads() {
        var settings = SegmentReadSettings.defaults().withCacheBytes(config.segmentsReadBytes());
        return TieredReads.of(new TieredReaders(kafka, store, settings, nanoTime));
    }

    @Override
    public void bind(NodeMetrics metrics) {
        counts.bind(metrics, flusher);
    }

    @Override
    public void close() {
        flusher.close();
    }
}
