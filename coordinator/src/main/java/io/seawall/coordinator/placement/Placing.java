package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.MetaRecord.Pin;
import io.seawall.coordinator.meta.Reason;
import io.seawall.coordinator.placement.Targets.Choice;
import io.seawall.wal.PChannel;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives each log without an owner to a node. */
final class Placing {
    private final Draft draft;
    private final Targets targets;

    Placing(Draft draft) {
        this.draft = draft;
        this.targets = new Targets(draft);
    }

    /**
     * Gives logs to nodes.
     *
     * @param needs the logs that need an owner
     * @return whether each of them got one
     */
    boolean place(Map<PChannel, Verdict.Needs> needs) {
        // Logs that fail again and again take their slots last.
        var inOrder = needs.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<PChannel, Verdict.Needs> entry) ->
                                entry.getValue().failures())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        return placeInOrder(inOrder);
    }

    private boolean placeInOrder(List<Map.Entry<PChannel, Verdict.Needs>> inOrder) {
        var all = true;
        for (var entry : inOrder) {
            var overdue = entry.getValue().isOverdue();
            if (overdue) {
                draft.freeSlot(entry.getKey());
            }
            var choice = choose(entry.getKey(), entry.getValue());
            if (choice.node().isPresent()) {
                draft.give(entry.getKey(), choice.node().get(), reasoned(entry.getValue(), choice));
            } else {
                draft.await(entry.getKey(), entry.getValue().text() + "; " + choice.text());
                if (overdue) {
                    draft.holdSlot(entry.getKey());
                }
                all = false;
            }
        }
        return all;
    }

    /** Says why the log is where it is now: why it needed an owner, and why it is this one. */
    private static Verdict.Needs reasoned(Verdict.Needs needs, Choice choice) {
        var elsewhere =
                choice.node().filter(node -> !node.id().equals(needs.home())).isPresent();
        var reason = needs.reason() == Reason.RETURNED && elsewhere ? Reason.OWNER_GONE : needs.reason();
        var text = needs.text() + "; " + choice.text();
        return new Verdict.Needs(needs.home(), needs.avoid(), needs.failures(), reason, text, needs.fault());
    }

    private Choice choose(PChannel pchannel, Verdict.Needs needs) {
        var pinned = pinned(pchannel).filter(node -> !node.id().equals(needs.avoid()));
        if (pinned.isPresent()) {
            return targets.own(pinned.get(), "pinned to " + pinned.get().id());
        }
        var home = draft.nodes().find(needs.home()).filter(node -> node.takesOwn() && !isStuck(node));
        if (home.isPresent()) {
            return targets.own(home.get(), home.get().id() + " is preferred");
        }
        if (draft.watch().waitsForMembers(draft.nowMs(), draft.settings())) {
            return Choice.later("waits until the members have been the same for "
                    + draft.settings().absence().settle());
        }
        return targets.best(pchannel, needs.avoid(), needs.failures() > 0);
    }

    private boolean isStuck(NodeView node) {
        return draft.load(node.id()).isStuck(draft.settings().bounds());
    }

    private Optional<NodeView> pinned(PChannel pchannel) {
        return draft.seen()
                .state()
                .pin(pchannel)
                .map(Pin::node)
                .flatMap(draft.nodes()::find)
                .filter(node -> node.takesOwn() && !node.heldBack() && !isStuck(node));
    }
}
