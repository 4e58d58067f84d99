package io.seawall.coordinator.placement;

import io.seawall.wal.PChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Chooses the node for a log: the one with the fewest logs, then the lowest rate, then a fixed order that differs by log. */
final class Targets {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final Draft draft;

    Targets(Draft draft) {
        this.draft = draft;
    }

    /**
     * A choice.
     *
     * @param node the node; empty if none can take the log now
     * @param text why this node, or what to wait for if there is none
     */
    record Choice(Optional<NodeView> node, String text) {
        static Choice of(NodeView node, String why) {
            return new Choice(Optional.of(node), why);
        }

        static Choice later(String why) {
            return new Choice(Optional.empty(), why);
        }
    }

    /**
     * Returns a node that the log belongs to, if it has a slot, and otherwise the wait for one.
     *
     * @param why why the log belongs there
     */
    Choice own(NodeView node, String why) {
        return hasSlot(node) ? Choice.of(node, why) : Choice.later("waits for a slot at " + node.id());
    }

    /**
     * Chooses among all nodes.
     *
     * @param pchannel the log
     * @param avoid a node that is used only if there is no other; empty for none
     * @param beyondShare whether a node may get more than its share: a log that failed elsewhere is not to wait
     * @return the choice
     */
    Choice best(PChannel pchannel, String avoid, boolean beyondShare) {
        var candidates = bestTier(avoid);
        if (candidates.isEmpty()) {
            return Choice.later("no node may take it");
        }
        var withSlot = candidates.stream().filter(this::hasSlot).min(order(pchannel));
        if (withSlot.isEmpty()) {
            return Choice.later("waits for a slot at any node");
        }
        var node = withSlot.get();
        if (!beyondShare && draft.load(node.id()).logs() >= share(candidates)) {
            return Choice.later("waits for a slot at a node with fewer logs");
        }
        var logs = draft.load(node.id()).logs();
        return Choice.of(node, node.id() + " had the fewest logs, " + logs);
    }

    private List<NodeView> bestTier(String avoid) {
        for (var tier = 0; tier < NodeView.NEVER; tier++) {
            var candidates = new ArrayList<NodeView>();
            for (var node : draft.nodes().all()) {
                if (node.tier() == tier && !node.id().equals(avoid)) {
                    candidates.add(node);
                }
            }
            if (!candidates.isEmpty()) {
                return candidates;
            }
        }
        return draft.nodes()
                .find(avoid)
                .filter(node -> node.tier() < NodeView.NEVER)
                .map(List::of)
                .orElse(List.of());
    }

    /** Returns the most logs that a node needs to have if all are spread evenly over those that can open any. */
    private int share(List<NodeView> candidates) {
        var bounds = draft.settings().bounds();
        var nodes = (int) candidates.stream()
                .filter(node -> !draft.load(node.id()).isStuck(bounds))
                .count();
        return (draft.logs() + nodes - 1) / nodes;
    }

    private boolean hasSlot(NodeView node) {
        return draft.load(node.id()).hasSlot(draft.settings().bounds());
    }

    private Comparator<NodeView> order(PChannel pchannel) {
        return Comparator.<NodeView>comparingInt(node -> draft.load(node.id()).logs())
                .thenComparingLong(node -> draft.load(node.id()).rate())
                .thenComparingLong(node -> hash(pchannel + "@" + node.id()))
                .thenComparing(NodeView::id);
    }

    private static long hash(String text) {
        var hash = FNV_OFFSET;
        for (var at = 0; at < text.length(); at++) {
            hash = (hash ^ text.charAt(at)) * FNV_PRIME;
        }
        return hash ^ (hash >>> 29);
    }
}
