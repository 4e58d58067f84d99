package io.seawall.node.watch;

import io.seawall.lifetime.LifetimeStatus;
import io.seawall.lifetime.LifetimeStep;
import io.seawall.lifetime.WalManager;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.periodic.PeriodicTasks;
import io.seawall.node.ports.PChannelStatus.Oddities;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.KafkaWals;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/** Everything that is watched about the logs of this node. Thread-safe. */
public final class LogWatches {
    private static final Duration BETWEEN_TRANSACTIONS = Duration.ofSeconds(5);
    private static final Duration BETWEEN_SIZES = Duration.ofSeconds(30);

    private final WalManager lifetimes;
    private final TransactionWatch transactions;
    private final TimestampWatch timestamps;
    private final LogBytesWatch sizes;

    /**
     * Creates watches that have seen nothing.
     *
     * @param wals the node's access to Kafka; the caller closes it
     * @param lifetimes the logs of this node
     * @param clock gives the times that the status shows
     * @param nanoTime a monotonic clock in nanoseconds, for durations
     */
    public LogWatches(KafkaWals wals, WalManager lifetimes, InstantSource clock, LongSupplier nanoTime) {
        this.lifetimes = lifetimes;
        var topics = wals.topics();
        transactions = new TransactionWatch(this::expected, topics.foreignTransactions()::find, clock, nanoTime);
        timestamps = new TimestampWatch(this::open, wals::timestampLead);
        sizes = new LogBytesWatch(this::open, topics::logBytes);
    }

    private List<PChannel> open() {
        return lifetimes.statuses().stream()
                .filter(status -> status.step() == LifetimeStep.AVAILABLE)
                .map(LifetimeStatus::pchannel)
                .toList();
    }

    /** Returns the open logs and those that are being opened, because an opening waits until every older transaction has ended. */
    private List<PChannel> expected() {
        return lifetimes.statuses().stream()
                .filter(status -> status.expected().available())
                .map(LifetimeStatus::pchannel)
                .toList();
    }

    /** Returns the watch for transactions of other programs. */
    public TransactionWatch transactions() {
        return transactions;
    }

    /** Returns what was found out of the ordinary about a log. Does not block. */
    public Oddities oddities(PChannel pchannel) {
        return new Oddities(
                transactions.holdsUp(pchannel).orElse(null),
                timestamps.aheadMs(pchannel).orElse(null));
    }

    /** Registers the meters of what is watched. */
    public void bind(NodeMetrics metrics) {
        sizes.bind(metrics);
        transactions.bind(metrics);
        timestamps.bind(metrics);
    }

    /**
     * Starts the periodic checks. No check blocks.
     *
     * @param tasks runs the checks; the caller closes it
     */
    public void start(PeriodicTasks tasks) {
        tasks.every(BETWEEN_SIZES, sizes::refresh);
        tasks.every(BETWEEN_TRANSACTIONS, transactions::check);
    }
}
