package io.seawall.node.http.cluster;

import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Drain;
import io.seawall.coordinator.meta.MetaRecord.Freeze;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.coordinator.meta.MetaState;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A node, as another one knows it.
 *
 * @param id its id
 * @param state what it does
 * @param announced what it announced last; empty if it did not, or in a way that this version cannot read
 * @param drain an operator's order to empty it
 * @param freeze an operator's order not to move logs to or from it; may be over
 * @param suspicion the report that it is dead
 */
record NodeFacts(
        String id,
        State state,
        Optional<Node> announced,
        Optional<Drain> drain,
        Optional<Freeze> freeze,
        Optional<Suspicion> suspicion) {
    /** What a node does. Which nodes are in Kafka's group is known to the coordinator alone. */
    enum State {
        /** It is in the group. */
        THERE,
        /** It is not in the group. */
        GONE,
        /** It was reported dead, although the group has it, or this node does not know whether it has. */
        SUSPECTED,
        /** It hands over its logs, because its process is about to end. */
        LEAVING,
        /** An operator empties it. */
        DRAINING,
        /** It announced itself, and this node does not know whether it is still there; or it is in the group and did not announce itself. */
        UNKNOWN,
        /** It announced itself in a later format. */
        UNREADABLE
    }

    /** Returns all nodes that announced themselves or are in the group, by id. */
    static SortedMap<String, NodeFacts> of(ClusterView view) {
        var all = new TreeMap<String, NodeFacts>();
        view.state().nodes().forEach(node -> all.put(node.id(), of(node.id(), view)));
        view.members().ifPresent(members -> members.forEach(id -> all.put(id, of(id, view))));
        for (var key : view.state().unreadable().keySet()) {
            if (key.kind() == MetaKey.Kind.NODE) {
                all.put(key.subject(), of(key.subject(), view));
            }
        }
        return all;
    }

    /** Returns one node, which may be one that nobody knows. */
    static NodeFacts of(String id, ClusterView view) {
        var state = view.state();
        var announced = state.node(id);
        var freeze = state.freezes().stream()
                .filter(each -> each.key().equals(MetaKey.freezeNode(id)))
                .findFirst();
        return new NodeFacts(id, state(id, announced, view), announced, state.drain(id), freeze, state.suspicion(id));
    }

    private static State state(String id, Optional<Node> announced, ClusterView view) {
        var state = view.state();
        if (announced.isEmpty()) {
            return state.isUnreadable(MetaKey.node(id)) ? State.UNREADABLE : State.UNKNOWN;
        }
        if (view.members().isPresent() && !view.members().get().contains(id)) {
            return State.GONE;
        }
        if (state.suspicion(id).isPresent()) {
            return State.SUSPECTED;
        }
        if (announced.get().leaving()) {
            return State.LEAVING;
        }
        if (isDrained(id, state)) {
            return State.DRAINING;
        }
        var known = view.members().isPresent() || isSelf(id, announced.get(), view);
        return known ? State.THERE : State.UNKNOWN;
    }

    private static boolean isDrained(String id, MetaState state) {
        return state.drain(id).isPresent() || state.isUnreadable(MetaKey.drain(id));
    }

    private static boolean isSelf(String id, Node announced, ClusterView view) {
        return id.equals(view.self().node())
                && announced.incarnation().equals(view.self().incarnation())
                && !view.memberId().isEmpty();
    }
}
