package io.seawall.node.peer;

import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Quarantined;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.node.ports.Owners;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The owners of logs by the state of the cluster. A log that this process has open is {@code HERE} whatever the state says, since
 * the state is behind: storage decides whether an append succeeds.
 */
public final class ClusterOwners implements Owners {
    private final Cluster cluster;
    private final Predicate<PChannel> openHere;
    private final Map<PChannel, List<CompletableFuture<Owner>>> waiting = new HashMap<>(); // guarded by itself

    private ClusterOwners(Cluster cluster, Predicate<PChannel> openHere) {
        this.cluster = cluster;
        this.openHere = openHere;
    }

    /**
     * Creates the owners and follows the cluster.
     *
     * @param cluster the cluster
     * @param openHere returns whether this process has a log open; does not block. The caller also calls {@link #changed}
     *     when the answer has changed
     * @return the owners
     */
    public static ClusterOwners of(Cluster cluster, Predicate<PChannel> openHere) {
        var owners = new ClusterOwners(cluster, openHere);
        cluster.addListener(view -> owners.waitedFor().forEach(owners::changed));
        return owners;
    }

    @Override
    public Owner owner(PChannel pchannel) {
        return openHere.test(pchannel)
                ? new Owner(Kind.HERE, "", "the log open on this node")
                : ownerBy(cluster.view(), pchannel);
    }

    @Override
    public CompletableFuture<Owner> await(PChannel pchannel, Duration limit) {
        var waiter = new CompletableFuture<Owner>();
        synchronized (waiting) {
            waiting.computeIfAbsent(pchannel, key -> new ArrayList<>()).add(waiter);
        }
        changed(pchannel); // after the waiter was added, so that no change is missed
        return waiter.copy()
                .orTimeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS)
                .handle((owner, timeout) -> {
                    forget(pchannel, waiter);
                    return owner == null ? owner(pchannel) : owner;
                });
    }

    /** Looks again at a log that was opened or closed on this node. Does not block. */
    public void changed(PChannel pchannel) {
        if (!isWaitedFor(pchannel)) {
            return;
        }
        var owner = owner(pchannel);
        if (owner.isSettled()) {
            waitersOf(pchannel).forEach(waiter -> waiter.complete(owner));
        }
    }

    private boolean isWaitedFor(PChannel pchannel) {
        synchronized (waiting) {
            return waiting.containsKey(pchannel);
        }
    }

    private List<PChannel> waitedFor() {
        synchronized (waiting) {
            return List.copyOf(waiting.keySet());
        }
    }

    private List<CompletableFuture<Owner>> waitersOf(PChannel pchannel) {
        synchronized (waiting) {
            return List.copyOf(waiting.getOrDefault(pchannel, List.of()));
        }
    }

    private void forget(PChannel pchannel, CompletableFuture<Owner> waiter) {
        synchronized (waiting) {
            waiting.computeIfPresent(pchannel, (key, waiters) -> {
                waiters.removeIf(known -> known == waiter);
                return waiters.isEmpty() ? null : waiters;
            });
        }
    }

    /** Returns how many callers wait, for tests. */
    int waiters() {
        synchronized (waiting) {
            return waiting.values().stream().mapToInt(List::size).sum();
        }
    }

    private static Owner ownerBy(ClusterView view, PChannel pchannel) {
        if (!view.current()) {
            return unsettled("that this node has not read the cluster's state yet");
        }
        var state = view.state();
        var assignment = state.assignment(pchannel);
        return assignment.isPresent()
                ? ownerBy(view, assignment.get())
                : state.isUnreadable(MetaKey.assignment(pchannel))
                                || state.pchannels().contains(pchannel)
                        ? unsettled("that no node was assigned yet")
                        : new Owner(Kind.UNKNOWN, "", "no such log in the cluster's state");
    }

    private static Owner ownerBy(ClusterView view, Assignment assignment) {
        return switch (assignment.phase()) {
            case UNOWNED -> unsettled("no owner: " + assignment.note().text());
            case OWNED -> ownerBy(view, (Owned) assignment);
            case RELEASING -> new Owner(Kind.MOVING, "", handover((Releasing) assignment));
            case QUARANTINED -> {
                var quarantined = (Quarantined) assignment;
                yield new Owner(
                        Kind.CLOSED,
                        "",
                        "a log in quarantine after " + quarantined.code() + ": "
                                + quarantined.note().text());
            }
            case RETIRED -> new Owner(Kind.UNKNOWN, "", "a log whose topic was deleted");
        };
    }

    private static String handover(Releasing releasing) {
        return "that node " + releasing.owner().node() + " hands it over"
                + (releasing.target().isEmpty() ? "" : " to node " + releasing.target());
    }

    private static Owner ownerBy(ClusterView view, Owned owned) {
        var owner = owned.owner();
        if (owner.equals(view.self())) {
            return new Owner(Kind.MOVING, "", "that this node is opening it at term " + owned.term());
        }
        var url = urlOf(view.state(), owner);
        if (url.isEmpty()) {
            return unsettled("that its owner, node " + owner.node() + ", is gone");
        }
        if (url.equals(urlOf(view.state(), view.self()))) {
            // Redirected here, a client would come back for ever.
            return new Owner(
                    Kind.UNREACHABLE,
                    "",
                    "the log with node " + owner.node() + ", which announces the URL of this node, " + url);
        }
        var open = view.state()
                .report(owned)
                .filter(status -> status.condition() == Condition.AVAILABLE)
                .isPresent();
        var grpc = view.state().node(owner).map(Node::grpc).orElse("");
        return open
                ? new Owner(Kind.ELSEWHERE, url, "the log open on node " + owner.node(), owner.node(), grpc)
                : new Owner(
                        Kind.MOVING,
                        url,
                        "that node " + owner.node() + " is opening it at term " + owned.term(),
                        owner.node(),
                        grpc);
    }

    /** Returns where a process serves; empty if it is gone or taken for dead. */
    private static String urlOf(MetaState state, Assignment.Owner process) {
        return state.node(process)
                .filter(node -> state.suspicion(process.node()).isEmpty())
                .map(node -> withoutSlash(node.url()))
                .orElse("");
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static Owner unsettled(String why) {
        return new Owner(Kind.UNSETTLED, "", why);
    }
}
