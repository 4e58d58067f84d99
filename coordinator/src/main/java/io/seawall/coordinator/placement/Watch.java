package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.wal.PChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one process has seen so far, and since when, by its own clock. Nothing of it is in the meta topic: a new coordinator
 * begins to wait anew, which costs time and never safety (decision 61). Every node keeps a watch, so that a node that takes over
 * knows for how long the others have been there.
 *
 * @param nodes what was seen of each node that announced itself
 * @param logs what was seen of each log
 * @param state the state in which it was seen
 * @param memberId this process's member id in the group
 * @param memberMs since when it has that id
 * @param coldSinceMs since when no log has had a living owner, far back if one has
 * @param rateMoveMs when a log was last moved to balance loads, far back before the first
 * @param hintedMs when each node was last taken for dead because of a hint
 */
public record Watch(
        Map<String, NodeWatch> nodes,
        Map<PChannel, LogWatch> logs,
        MetaState state,
        String memberId,
        long memberMs,
        long coldSinceMs,
        long rateMoveMs,
        Map<String, Long> hintedMs) {
    /** The watch of a process that has seen nothing. */
    public static final Watch NONE =
            new Watch(Map.of(), Map.of(), MetaState.EMPTY, "", 0, NodeWatch.LONG_AGO, NodeWatch.LONG_AGO, Map.of());

    /**
     * Returns the watch after an observation.
     *
     * @param seen what is known now
     * @param settings the bounds
     * @return the next watch
     */
    public Watch after(Situation seen, PlacementSettings settings) {
        var now = seen.now().elapsedMs();
        var nextNodes = new HashMap<String, NodeWatch>();
        var sameMember = !memberId.isEmpty() && seen.memberId().equals(memberId);
        var joinedMs = sameMember ? memberMs : now;
        for (var node : seen.state().nodes()) {
            var known = nodes.get(node.id());
            var next = known == null ? NodeWatch.first(node, now) : known.announced(node, now, settings.pauses());
            nextNodes.put(node.id(), presence(next, node.id(), seen, joinedMs, settings));
        }
        for (var key : seen.state().unreadable().keySet()) {
            if (key.kind() == MetaKey.Kind.NODE) {
                var known = nodes.getOrDefault(key.subject(), NodeWatch.unreadable(now));
                nextNodes.put(key.subject(), presence(known, key.subject(), seen, joinedMs, settings));
            }
        }
        var cold = seen.members().isPresent() && !hasLivingOwner(seen.state(), nextNodes);
        return new Watch(
                nextNodes,
                logsAfter(seen.state(), now),
                seen.state(),
                seen.memberId(),
                joinedMs,
                !cold ? NodeWatch.LONG_AGO : coldSinceMs == NodeWatch.LONG_AGO ? now : coldSinceMs,
                rateMoveMs,
                hintedOf(nextNodes.keySet()));
    }

    private NodeWatch presence(NodeWatch last, String node, Situation seen, long joinedMs, PlacementSettings settings) {
        var now = seen.now().elapsedMs();
        // A node that was away while this process coordinated before, or was another member, may have been back since.
        var known = seen.members().isEmpty() || !seen.memberId().equals(memberId) ? last.unseen() : last;
        if (seen.members().isEmpty()) {
            return known;
        }
        return seen.members().get().nodes().contains(node)
                ? known.inGroup(now, settings.pauses())
                : known.outOfGroup(now, joinedMs, settings.absence());
    }

    private Map<String, Long> hintedOf(Set<String> known) {
        var next = new HashMap<>(hintedMs);
        next.keySet().retainAll(known);
        return next;
    }

    private static boolean hasLivingOwner(MetaState state, Map<String, NodeWatch> nodes) {
        return state.assignments().stream()
                .flatMap(assignment -> assignment.process().stream())
                .anyMatch(owner -> {
                    var watch = nodes.get(owner.node());
                    return watch != null
                            && watch.isInGroup()
                            && watch.incarnation().equals(owner.incarnation())
                            && state.suspicion(owner.node()).isEmpty();
                });
    }

    @SuppressWarnings("ReferenceEquality") // Saves work while nothing is written; equal states give the same result.
    private Map<PChannel, LogWatch> logsAfter(MetaState state, long now) {
        if (state == this.state) {
            return logs;
        }
        var next = new HashMap<PChannel, LogWatch>();
        for (var pchannel : state.pchannels()) {
            var assignment = state.assignment(pchannel);
            var status = assignment
                    .flatMap(Assignment::process)
                    .flatMap(owner -> state.status(pchannel, owner.incarnation()))
                    .map(report -> new LogWatch.Report(report.term(), report.condition()));
            var phase = assignment.map(known -> new LogWatch.Step(known.phase(), known.term()));
            var known = logs.get(pchannel);
            next.put(pchannel, known == null ? LogWatch.first(phase, status, now) : known.after(phase, status, now));
        }
        return next;
    }

    /** Returns whether the members have been the same for long enough to balance logs over them. */
    boolean isSettled(long nowMs, PlacementSettings settings) {
        var settleMs = settings.absence().settle().toMillis();
        return nodes.values().stream()
                .filter(NodeWatch::isInGroup)
                .allMatch(node -> nowMs - node.arrivedMs() >= settleMs);
    }

    /** Returns whether a cold start still waits for further members. */
    boolean waitsForMembers(long nowMs, PlacementSettings settings) {
        return nowMs - coldSinceMs < settings.absence().settleMost().toMillis() && !isSettled(nowMs, settings);
    }

    /** Counts a fault of a node that is there, so that it gets no further logs for a while. */
    Watch flapped(String node, long nowMs, PlacementSettings settings) {
        var known = nodes.get(node);
        if (known == null) {
            return this;
        }
        var next = new HashMap<>(nodes);
        next.put(node, known.flapped(nowMs, settings.pauses()));
        return new Watch(next, logs, state, memberId, memberMs, coldSinceMs, rateMoveMs, hintedMs);
    }

    Watch hinted(String node, long nowMs) {
        var next = new HashMap<>(hintedMs);
        next.put(node, nowMs);
        return new Watch(nodes, logs, state, memberId, memberMs, coldSinceMs, rateMoveMs, next);
    }

    Watch movedForRate(long nowMs) {
        return new Watch(nodes, logs, state, memberId, memberMs, coldSinceMs, nowMs, hintedMs);
    }
}
