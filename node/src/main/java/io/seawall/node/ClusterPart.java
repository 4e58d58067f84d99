package io.seawall.node;

import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.lifetime.LifetimeStatus;
import io.seawall.lifetime.LifetimeStep;
import io.seawall.lifetime.WalManager;
import io.seawall.node.cluster.ClusterLogs;
import io.seawall.node.cluster.ClusterMetrics;
import io.seawall.node.cluster.ClusterReadiness;
import io.seawall.node.cluster.ClusterTopics;
import io.seawall.node.cluster.Drain;
import io.seawall.node.cluster.LateCluster;
import io.seawall.node.cluster.ViewWaits;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.peer.AppendRates;
import io.seawall.node.peer.ClusterOwners;
import io.seawall.node.periodic.PeriodicTasks;
import io.seawall.node.ports.Owners;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.ports.Readiness;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A node's part in its cluster: what follows the cluster's state and acts on it. Made before the logs, so that it is closed after
 * them: the process leaves Kafka's group once its logs are closed.
 */
final class ClusterPart implements AutoCloseable {
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_RATES = Duration.ofSeconds(10);
    /** Other nodes may redirect here until they have read the handover. A connection that closes then would fail an append. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final LateCluster cluster;
    private final ViewWaits waits;
    private final Drain drain;
    private final Owner self;
    private volatile @Nullable Runnable leaving; // written once, when the node joins

    /**
     * Creates the part of a node that has not joined.
     *
     * @param self this node and its process
     * @param longestDrain how long logs are handed over before the node stops
     */
    ClusterPart(Owner self, Duration longestDrain) {
        this.self = self;
        this.cluster = new LateCluster(self);
        this.waits = new ViewWaits(cluster::view);
        this.drain = new Drain(cluster, waits, longestDrain, LINGER);
        cluster.addListener(waits);
    }

    /** Returns this node and its process. */
    Owner self() {
        return self;
    }

    /** Returns the cluster, which knows nothing before the node has joined. */
    Cluster cluster() {
        return cluster;
    }

    /** Opens and closes logs from the moment on when the node joins. */
    void follow(WalManager lifetimes, InstantSource clock, LongSupplier nanoTime) {
        var logs = new ClusterLogs(self, lifetimes, cluster::report, clock, nanoTime);
        lifetimes.addListener(logs);
        cluster.addListener(logs);
    }

    void bind(NodeMetrics metrics) {
        cluster.addListener(ClusterMetrics.bind(metrics, cluster::view));
    }

    Readiness readiness(Supplier<List<Readiness.Check>> kafka, Supplier<List<PChannelStatus>> local) {
        var readiness = new ClusterReadiness(kafka, cluster::view, local);
        cluster.addListener(readiness);
        return readiness;
    }

    /** Returns who owns which log. Those that are open here count as this node's, whatever the cluster's state says. */
    Owners owners(WalManager lifetimes) {
        var owners = ClusterOwners.of(cluster, pchannel -> isOpen(lifetimes, pchannel));
        lifetimes.addListener(status -> owners.changed(status.pchannel()));
        return owners;
    }

    private static boolean isOpen(WalManager lifetimes, PChannel pchannel) {
        return lifetimes
                .status(pchannel)
                .filter(status -> status.step() == LifetimeStep.AVAILABLE)
                .isPresent();
    }

    /** Measures at which rates this node's logs are appended to, and reports them to the cluster. */
    AppendRates rates(WalManager lifetimes, NodeMetrics metrics, PeriodicTasks quickChecks, LongSupplier nanoTime) {
        var rates = new AppendRates(
                () -> lifetimes.statuses().stream()
                        .filter(status -> status.step() == LifetimeStep.AVAILABLE)
                        .map(LifetimeStatus::pchannel)
                        .collect(Collectors.toSet()),
                metrics::appendedBytes,
                cluster::rates,
                nanoTime);
        quickChecks.every(BETWEEN_RATES, rates::sample);
        return rates;
    }

    /** Keeps the cluster's topics those of Kafka. */
    ClusterTopics topics(Topics topics, PeriodicTasks slowChecks, LongSupplier nanoTime) {
        var watch = new ClusterTopics(cluster, waits, topics::list, nanoTime);
        slowChecks.every(BETWEEN_CHECKS, watch::check);
        // The group's members may change without a change of the state.
        slowChecks.every(BETWEEN_CHECKS, () -> waits.accept(cluster.view()));
        return watch;
    }

    /**
     * Joins the cluster. Called once, when the node serves.
     *
     * @param joining the member
     * @param leave leaves Kafka's group and releases everything; blocks for a bounded time
     */
    void join(Cluster joining, Runnable leave) {
        leaving = leave;
        cluster.join(joining);
    }

    /** Hands over the logs; blocks for a bounded time. */
    void drain() {
        drain.run();
    }

    /** Ends the handing over. */
    void hurry() {
        drain.hurry();
    }

    @Override
    public void close() {
        var leave = leaving;
        if (leave != null) {
            leave.run();
        }
    }
}
