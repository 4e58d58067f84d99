package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.placement.NodeView.Standing;
import io.seawall.coordinator.placement.Situation.Members;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All nodes as a decision sees them. Not thread-safe. */
final class Nodes {
    private final Map<String, NodeView> byId = new TreeMap<>();
    private final Set<String> unreadableGone = new HashSet<>();
    private final MetaState state;

    private Nodes(MetaState state) {
        this.state = state;
    }

    /**
     * Judges every node.
     *
     * @param seen what is known
     * @param watch what was seen so far, this observation included
     * @param dead the nodes that this observation reports dead
     */
    static Nodes of(Situation seen, Watch watch, Set<String> dead, PlacementSettings settings) {
        var nodes = new Nodes(seen.state());
        // A node that was away at an old answer may be back: its grace is over only at an answer that comes after it.
        var answeredMs = seen.members().map(Members::answeredMs).orElse(NodeWatch.LONG_AGO);
        for (var node : seen.state().nodes()) {
            var known = watch.nodes().get(node.id());
            if (known != null) {
                nodes.byId.put(
                        node.id(), nodes.view(node, known, dead.contains(node.id()), answeredMs, seen.now(), settings));
            }
        }
        var graceMs = settings.absence().grace().toMillis();
        watch.nodes().forEach((id, known) -> {
            var isOut = known.presence() == NodeWatch.Presence.OUT;
            if (isOut && seen.now().elapsedMs() - known.goneMs() >= graceMs) {
                nodes.unreadableGone.add(id);
            }
        });
        nodes.unreadableGone.removeAll(nodes.byId.keySet());
        return nodes;
    }

    private NodeView view(
            Node node,
            NodeWatch known,
            boolean dead,
            long answeredMs,
            Situation.Moment now,
            PlacementSettings settings) {
        var drainKey = MetaKey.drain(node.id());
        var drain = state.drain(node.id());
        var flapping = known.isFlapping(now.elapsedMs(), settings.pauses());
        return new NodeView(
                new Owner(node.id(), node.incarnation()),
                standing(node, known, dead, flapping, answeredMs, settings),
                drain.isPresent() || state.isUnreadable(drainKey),
                drain.isPresent() && drain.get().forced(),
                freeze(MetaKey.freezeNode(node.id()), now),
                known.isHeldBack(now.elapsedMs(), settings.pauses()),
                flapping);
    }

    private Standing standing(
            Node node, NodeWatch known, boolean dead, boolean flapping, long answeredMs, PlacementSettings settings) {
        if (dead || state.suspicion(node.id()).isPresent()) {
            return Standing.SUSPECTED;
        }
        if (known.isInGroup()) {
            return node.leaving() ? Standing.LEAVING : Standing.LIVE;
        }
        var graceMs = settings.absence().grace().toMillis();
        return flapping || node.leaving() || answeredMs - known.goneMs() >= graceMs ? Standing.GONE : Standing.AWAY;
    }

    /** Returns why a scope is frozen; empty if it is not. A freeze in a later format counts, because it may be in force. */
    String freeze(MetaKey scope, Situation.Moment now) {
        if (state.isUnreadable(scope)) {
            return "a freeze in a later format";
        }
        return state.freeze(scope, now.wall())
                .map(freeze -> freeze.reason().isEmpty() ? "no reason given" : freeze.reason())
                .orElse("");
    }

    /** Holds a node back from the rest of this decision. */
    void holdBack(String id) {
        byId.computeIfPresent(id, (same, node) -> node.toHeldBack());
    }

    Collection<NodeView> all() {
        return byId.values();
    }

    Optional<NodeView> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Returns the standing of the process that owns a log: that of its node, or GONE if the node is not known. */
    Standing standing(Owner owner) {
        if (state.isUnreadable(MetaKey.node(owner.node()))) {
            return unreadableGone.contains(owner.node()) ? Standing.GONE : Standing.UNREADABLE;
        }
        var node = byId.get(owner.node());
        return node == null ? Standing.GONE : node.standing();
    }
}
