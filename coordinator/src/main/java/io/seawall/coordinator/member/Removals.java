package io.seawall.coordinator.member;

import io.seawall.coordinator.meta.MetaRecord.Coordinator;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.placement.Situation.Hint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which dead members this process removes from the group, and when. A dead coordinator is removed at once by the first node of
 * {@link Successors}; the others wait, in case that the first is dead, too. A node that does not coordinate is removed only if
 * nobody takes the hint in: it may have been elected and died before it could announce that. Not thread-safe.
 */
final class Removals {
    private static final long BETWEEN_RANKS_MS = 500;
    private static final long BETWEEN_ATTEMPTS_MS = 1_000;
    private static final long SILENCE_MS = 2_000;

    private final String self;
    private final long sessionMs;
    private final Map<String, Dead> dead = new TreeMap<>();

    /**
     * A process that was reported dead.
     *
     * @param node what it had announced by then
     * @param nonce the last coordinator's at that time; empty if there was none
     * @param sinceMs when it was reported
     * @param nextMs when this process may try (again)
     */
    private record Dead(Node node, String nonce, long sinceMs, long nextMs) {
        Dead tried(long nowMs) {
            return new Dead(node, nonce, sinceMs, nowMs + BETWEEN_ATTEMPTS_MS);
        }
    }

    Removals(String self, long sessionMs) {
        this.self = self;
        this.sessionMs = sessionMs;
    }

    /** Notes a hint about a process that is the last of its node. */
    void onHint(Hint hint, MetaState state, long nowMs) {
        var node = state.node(hint.node());
        var known = dead.get(hint.node());
        if (node.isPresent() && (known == null || !known.node().equals(node.get()))) {
            dead.put(hint.node(), new Dead(node.get(), nonce(state), nowMs, nowMs));
        }
    }

    /**
     * Returns the nodes to remove from the group now; each counts as tried then.
     *
     * @param follows whether this process does not coordinate and does not try to
     */
    List<String> due(MetaState state, boolean follows, long nowMs) {
        dead.values().removeIf(each -> !follows || isOver(each, state, nowMs));
        var due = new ArrayList<String>();
        for (var entry : dead.entrySet()) {
            var each = entry.getValue();
            var rank = Successors.order(each.node().incarnation(), left(state)).indexOf(self);
            if (rank >= 0
                    && nowMs >= each.nextMs()
                    && nowMs - each.sinceMs() >= silenceMs(each, state) + rank * BETWEEN_RANKS_MS) {
                due.add(entry.getKey());
                entry.setValue(each.tried(nowMs));
            }
        }
        return due;
    }

    private static long silenceMs(Dead dead, MetaState state) {
        var coordinates = state.coordinator()
                .map(Coordinator::node)
                .filter(dead.node().id()::equals)
                .isPresent();
        return coordinates ? 0 : SILENCE_MS;
    }

    /** A process that announced itself again lives; a suspicion, or another coordinator, shows that the group has elected. */
    private boolean isOver(Dead each, MetaState state, long nowMs) {
        return nowMs - each.sinceMs() >= sessionMs
                || !state.node(each.node().id()).equals(Optional.of(each.node()))
                || state.suspicion(each.node().id()).isPresent()
                || (!nonce(state).equals(each.nonce())
                        && state.coordinator()
                                .filter(record ->
                                        !record.node().equals(each.node().id()))
                                .isPresent());
    }

    private static String nonce(MetaState state) {
        return state.coordinator().map(Coordinator::nonce).orElse("");
    }

    private List<String> left(MetaState state) {
        return state.nodes().stream()
                .filter(node -> !node.leaving() && state.suspicion(node.id()).isEmpty() && !dead.containsKey(node.id()))
                .map(Node::id)
                .toList();
    }
}
