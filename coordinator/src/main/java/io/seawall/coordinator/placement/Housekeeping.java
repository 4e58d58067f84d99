package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.Reason;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Turns hints into suspicions, and removes records that have no meaning any more, so that the meta topic stays as small as the cluster. */
final class Housekeeping {
    /** A node that is reported dead again within this time is not taken for dead again. */
    private static final long BETWEEN_HINTS_MS = 1_000;

    private Housekeeping() {}

    /** Returns the suspicions that follow from the hints of this observation. */
    static Map<String, Suspicion> suspicions(Situation seen, Watch watch) {
        var found = new LinkedHashMap<String, Suspicion>();
        for (var hint : seen.hints()) {
            var node = seen.state().node(hint.node());
            var hintedMs = watch.hintedMs().getOrDefault(hint.node(), NodeWatch.LONG_AGO);
            if (node.isPresent()
                    && node.get().incarnation().equals(hint.incarnation())
                    && !hint.node().equals(seen.self())
                    && seen.state().suspicion(hint.node()).isEmpty()
                    && seen.now().elapsedMs() - hintedMs >= BETWEEN_HINTS_MS) {
                found.put(
                        hint.node(),
                        new Suspicion(
                                hint.node(),
                                hint.incarnation(),
                                node.get().beat(),
                                hint.by(),
                                seen.now().wall()));
            }
        }
        return found;
    }

    static void clean(Draft draft) {
        var state = draft.seen().state();
        retire(draft, state);
        for (var suspicion : state.suspicions()) {
            if (state.suspicion(suspicion.node()).isEmpty() && !state.isUnreadable(MetaKey.node(suspicion.node()))) {
                draft.remove(suspicion.key());
            }
        }
        for (var freeze : state.freezes()) {
            if (freeze.isOver(draft.seen().now().wall())) {
                draft.remove(freeze.key());
            }
        }
        var current = new HashSet<String>();
        state.nodes().forEach(node -> current.add(node.incarnation()));
        for (var status : state.statuses()) {
            if (!draft.isFull() && isNoNews(status, state, current)) {
                draft.remove(status.key());
            }
        }
    }

    private static void retire(Draft draft, MetaState state) {
        for (var assignment : state.assignments()) {
            var name = assignment.pchannel().topic();
            var partition = assignment.pchannel().partition();
            var there = state.topic(name)
                            .filter(topic -> partition < topic.pchannels())
                            .isPresent()
                    || state.isUnreadable(MetaKey.topic(name));
            if (!there && assignment.phase() != Phase.RETIRED && !draft.isFull()) {
                draft.write(assignment.toRetired(draft.note(Reason.TOPIC_GONE, "the topic is gone")));
            }
        }
    }

    /** A report of a former process, or about a log without a topic, has no meaning, unless it knows a term that the next one has to exceed. */
    private static boolean isNoNews(Status status, MetaState state, Set<String> current) {
        var assignment = state.assignment(status.pchannel());
        if (assignment.isEmpty()) {
            return false;
        }
        if (current.contains(status.incarnation()) && assignment.get().phase() != Phase.RETIRED) {
            return false;
        }
        var owner = assignment.flatMap(Assignment::process);
        var isOwner = owner.isPresent() && owner.get().incarnation().equals(status.incarnation());
        return !isOwner
                && status.highestTerm() <= assignment.map(Assignment::term).orElse(-1L);
    }
}
