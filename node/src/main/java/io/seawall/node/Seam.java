package io.seawall.node;

import io.seawall.flusher.SeamlessReaders;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * The readers that users of a node get: with segments where there are some, of Kafka alone otherwise.
 *
 * @param readers the readers
 * @param oldest how far back they reach
 * @param meters shows what they do
 */
record Seam(WalReaders readers, Oldest oldest, Consumer<NodeMetrics> meters) implements AutoCloseable {
    /** Tells how far back a log can be read. Never fails. */
    @FunctionalInterface
    interface Oldest {
        /** How long somebody waits who wants to show it once. */
        Duration SHORTLY = Duration.ofSeconds(2);

        /**
         * The oldest LSN of a log that this node owns.
         *
         * @param wal the log, which knows the oldest LSN that Kafka has
         * @param wait how long to wait for a store if it has to be asked
         * @return that LSN or an older one
         */
        long of(Wal wal, Duration wait);

        /** Asks for many logs at once what {@link #of} would ask for each. */
        default void lookAt(Collection<PChannel> pchannels) {}
    }

    /** Makes the readers of a node from those that read Kafka. */
    @FunctionalInterface
    interface Maker {
        /** The readers, to be closed by the caller. */
        Seam over(WalReaders kafka);
    }

    static Seam none(WalReaders kafka) {
        return new Seam(kafka, (wal, wait) -> wal.oldest(), metrics -> {});
    }

    static Seam of(SeamlessReaders readers) {
        return new Seam(
                readers,
                (wal, wait) -> readers.oldest(wal.pchannel(), wal.logId(), wal.oldest(), wait),
                metrics -> show(readers, metrics));
    }

    /** Adds the meters of segment reads, if there are any. */
    void show(NodeMetrics metrics) {
        meters.accept(metrics);
    }

    private static void show(SeamlessReaders readers, NodeMetrics metrics) {
        metrics.count(
                "seawall.segment.read.records",
                "records that readers were given from segments",
                () -> readers.stats().records());
        metrics.count(
                "seawall.segment.read.bytes",
                "bytes of segments that were fetched from the store, those fetched twice counted twice",
                () -> readers.stats().fetchedBytes());
        metrics.count(
                "seawall.segment.read.verified",
                "segments that were read whole and compared with their checksum",
                () -> readers.stats().verified());
        metrics.count(
                "seawall.segment.read.hits",
                "times that a reader came to a segment that was verified before",
                () -> readers.stats().hits());
        metrics.count(
                "seawall.segment.read.damaged",
                "times that a segment was found damaged, and not served",
                () -> readers.stats().damaged());
        metrics.gauge(
                "seawall.segment.read.cache.bytes",
                "bytes of verified segments that are kept in memory",
                () -> readers.stats().cachedBytes());
    }

    @Override
    public void close() {
        readers.close();
    }
}
