package io.seawall.node;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.walkafka.admin.ReaderStats;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Meters of the readers of Kafka in this process. */
final class ReaderMetrics {
    private ReaderMetrics() {}

    /**
     * Registers the meters.
     *
     * @param stats what the readers did so far; asked at each scrape
     * @param flushOffsetFailures how many flush positions could not be committed so far; asked at each scrape
     */
    static void bind(NodeMetrics metrics, Supplier<ReaderStats> stats, LongSupplier flushOffsetFailures) {
        metrics.gauge(
                "seawall.readers.open",
                "open readers of Kafka: each has a consumer, or shares one",
                () -> stats.get().readers());
        metrics.gauge(
                "seawall.readers.shared.tails",
                "consumers that readers at the tail share",
                () -> stats.get().sharedTails());
        metrics.count(
                "seawall.read.foreign.records",
                "skipped records that Seawall did not write, counted each time one is read",
                () -> stats.get().foreignRecords());
        metrics.count(
                "seawall.read.void.records",
                "skipped records whose owner had lost the log, counted each time one is read",
                () -> stats.get().voidRecords());
        metrics.count(
                "seawall.read.forged.records",
                "reads that stopped at a record that another program wrote with Seawall's headers",
                () -> stats.get().forgedRecords());
        metrics.count(
                "seawall.flush.offset.failures",
                "flush positions that could not be committed as offsets of the flusher's group",
                flushOffsetFailures::getAsLong);
    }
}
