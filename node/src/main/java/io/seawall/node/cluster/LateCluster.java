package io.seawall.node.cluster;

import io.seawall.coordinator.Explanation;
import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The cluster for parts of the node that are made before the node joins it: a node can join only once it serves, since others learn
 * its URL then. Until then it knows nothing and takes no change.
 */
public final class LateCluster implements Cluster {
    private final ClusterView nothing;
    private final List<Consumer<ClusterView>> early = new ArrayList<>(); // guarded by this
    private volatile @Nullable Cluster joined; // written once, under the lock

    /**
     * Creates a cluster that was not joined.
     *
     * @param self this node and its process
     */
    public LateCluster(Owner self) {
        this.nothing = new ClusterView(self, MetaState.EMPTY, false, "follower", false, "", Optional.empty());
    }

    /** Joins the cluster. Called once. */
    public void join(Cluster cluster) {
        List<Consumer<ClusterView>> listeners;
        synchronized (this) {
            listeners = List.copyOf(early);
            early.clear();
            joined = cluster;
        }
        listeners.forEach(cluster::addListener);
    }

    @Override
    public ClusterView view() {
        var cluster = joined;
        return cluster == null ? nothing : cluster.view();
    }

    /** Before the node has joined, the listener is called from then on, and not at once. */
    @Override
    public void addListener(Consumer<ClusterView> listener) {
        Cluster cluster;
        synchronized (this) {
            cluster = joined;
            if (cluster == null) {
                early.add(listener);
                return;
            }
        }
        cluster.addListener(listener);
    }

    @Override
    public CompletableFuture<Void> command(Command command) {
        var cluster = joined;
        return cluster != null
                ? cluster.command(command)
                : CompletableFuture.failedFuture(Problem.of(ErrorCode.UNAVAILABLE, "change the cluster")
                        .found("a node that has not joined the cluster yet")
                        .fix("try again")
                        .exception());
    }

    @Override
    public Optional<Explanation> explain(PChannel pchannel) {
        var cluster = joined;
        return cluster == null ? Optional.empty() : cluster.explain(pchannel);
    }

    /** Nothing can be reported before the node has joined, since it has no log then. */
    @Override
    public void report(Status status) {
        var cluster = joined;
        if (cluster == null) {
            throw new IllegalStateException("a report before the node has joined the cluster: " + status);
        }
        cluster.report(status);
    }

    @Override
    public void suspect(Hint hint) {
        var cluster = joined;
        if (cluster != null) {
            cluster.suspect(hint);
        }
    }

    @Override
    public void rates(Map<PChannel, Long> bytesPerSecond) {
        var cluster = joined;
        if (cluster != null) {
            cluster.rates(bytesPerSecond);
        }
    }

    @Override
    public void leave() {
        var cluster = joined;
        if (cluster != null) {
            cluster.leave();
        }
    }
}
