package io.seawall.node;

import io.seawall.flusher.history.TieredReaders;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * The readers that users of a node get. They include segments if flushing is on, and read Kafka alone otherwise.
 *
 * @param readers the readers
 * @param oldest the oldest LSN that they can read
 * @param meters registers the meters of segment reads
 */
record TieredReads(WalReaders readers, Oldest oldest, Consumer<NodeMetrics> meters) implements AutoCloseable {
    /** Returns the oldest readable LSN of a log. Never fails. */
    @FunctionalInterface
    interface Oldest {
        /** The wait of a request that shows the value once. */
        Duration SHORTLY = Duration.ofSeconds(2);

        /**
         * Returns the oldest LSN of a log that this node owns.
         *
         * @param wal the log, which knows the oldest LSN in Kafka
         * @param wait how long to wait for the store if it has to be asked
         * @return that LSN or an older one
         */
        long of(Wal wal, Duration wait);

        /** Updates the oldest LSNs of many logs at once, so that {@link #of} needs no request for each. */
        default void refresh(Collection<PChannel> pchannels) {}
    }

    static TieredReads none(WalReaders kafka) {
        return new TieredReads(kafka, (wal, wait) -> wal.oldest(), metrics -> {});
    }

    static TieredReads of(TieredReaders readers) {
        return new TieredReads(
                readers,
                (wal, wait) -> readers.oldest(wal.pchannel(), wal.logId(), wal.oldest(), wait),
                metrics -> bind(readers, metrics));
    }

    /** Registers the meters of segment reads, if there are any. */
    void bind(NodeMetrics metrics) {
        meters.accept(metrics);
    }

    private static void bind(TieredReaders readers, NodeMetrics metrics) {
        metrics.count(
                "seawall.segment.read.records",
                "records that readers got from segments",
                () -> readers.stats().records());
        metrics.count(
                "seawall.segment.read.bytes",
                "bytes of segments fetched from the store; bytes fetched twice count twice",
                () -> readers.stats().fetchedBytes());
        metrics.count(
                "seawall.segment.read.verified",
                "segments that were read completely and compared with their checksum",
                () -> readers.stats().verified());
        metrics.count(
                "seawall.segment.read.hits",
                "times that a reader reached a segment that was verified before",
                () -> readers.stats().hits());
        metrics.count(
                "seawall.segment.read.damaged",
                "times that a segment was damaged and not served",
                () -> readers.stats().damaged());
        metrics.gauge(
                "seawall.segment.read.cache.bytes",
                "bytes of verified segments in memory",
                () -> readers.stats().cachedBytes());
    }

    @Override
    public void close() {
        readers.close();
    }
}
