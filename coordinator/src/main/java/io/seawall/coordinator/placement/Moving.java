package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Pin;
import io.seawall.coordinator.meta.Reason;
import io.seawall.wal.PChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Moves logs that have a healthy owner: off nodes that leave or are drained, to where they are pinned, and for balance. */
final class Moving {
    /** Nodes may differ by one log: moving it would only turn the difference around. */
    static final int TOLERATED_DIFFERENCE = 1;

    private final Draft draft;
    private final Targets targets;
    private final Map<String, List<Healthy>> byNode = new TreeMap<>();
    private final Map<PChannel, Healthy> byLog = new HashMap<>();

    /** A log that has an owner, and for how long it has been open; -1 if it is being opened. */
    record Healthy(Owned owned, long openMs) {
        PChannel pchannel() {
            return owned.pchannel();
        }
    }

    Moving(Draft draft, List<Healthy> healthy) {
        this.draft = draft;
        this.targets = new Targets(draft);
        for (var log : healthy) {
            byNode.computeIfAbsent(log.owned().owner().node(), node -> new ArrayList<>())
                    .add(log);
            byLog.put(log.pchannel(), log);
        }
    }

    /** Empties nodes that are about to end. A freeze does not hold that up: their logs would lose their owner. */
    void leave() {
        for (var node : draft.nodes().all()) {
            if (node.standing() == NodeView.Standing.LEAVING) {
                logsOf(node).forEach(log -> evict(log, node, Reason.OWNER_LEAVING, false));
            }
        }
    }

    /** Empties nodes that an operator drains. */
    void drain() {
        for (var node : draft.nodes().all()) {
            if (node.draining() && node.standing() == NodeView.Standing.LIVE) {
                for (var log : logsOf(node)) {
                    var frozen = frozen(log.pchannel(), node);
                    if (frozen.isEmpty()) {
                        evict(log, node, Reason.DRAIN, node.forced());
                    } else {
                        draft.await(log.pchannel(), "the drain of " + node.id() + " waits: " + frozen);
                    }
                }
            }
        }
    }

    private void evict(Healthy log, NodeView from, Reason reason, boolean evenToNobody) {
        if (draft.movesLeft() <= 0) {
            draft.await(log.pchannel(), "is to leave " + from.id() + "; waits for other moves to end");
            return;
        }
        var text = from.id() + (reason == Reason.DRAIN ? " is drained" : " is leaving");
        if (noOther(from, reason)) {
            if (evenToNobody) {
                draft.release(log.owned(), "", reason, text + ", forced, and no other node may take it");
            } else {
                draft.await(log.pchannel(), text + "; no other node may take it");
            }
            return;
        }
        var choice = targets.best(log.pchannel(), from.id(), false);
        var target = choice.node().filter(node -> mayTake(node, from, reason));
        if (target.isPresent()) {
            draft.release(log.owned(), target.get().id(), reason, text + "; " + choice.text());
            forget(log);
        } else {
            draft.await(log.pchannel(), text + "; " + choice.text());
        }
    }

    /** Nobody is moved to a node that is drained itself, nor by an operator's drain to one that is frozen. */
    private static boolean mayTake(NodeView node, NodeView from, Reason reason) {
        return !node.id().equals(from.id())
                && node.tier() <= 1
                && (reason == Reason.OWNER_LEAVING || node.freeze().isEmpty());
    }

    private boolean noOther(NodeView from, Reason reason) {
        return draft.nodes().all().stream().noneMatch(node -> mayTake(node, from, reason));
    }

    private void forget(Healthy log) {
        byNode.getOrDefault(log.owned().owner().node(), List.of()).remove(log);
        byLog.remove(log.pchannel());
    }

    /** Takes logs to the nodes that they are pinned to. */
    void pin() {
        for (var pin : draft.seen().state().pins()) {
            Optional.ofNullable(byLog.get(pin.pchannel()))
                    .filter(log -> !log.owned().owner().node().equals(pin.node()))
                    .ifPresent(log -> pin(log, pin));
        }
    }

    private void pin(Healthy log, Pin pin) {
        var from = draft.nodes().find(log.owned().owner().node());
        var target = draft.nodes().find(pin.node());
        var obstacle = from.isEmpty() || target.isEmpty()
                ? pin.node() + " is not known"
                : obstacle(log, from.get(), target.get());
        if (obstacle.isEmpty()) {
            draft.release(log.owned(), pin.node(), Reason.PIN, "pinned to " + pin.node());
            forget(log);
        } else {
            draft.await(log.pchannel(), "pinned to " + pin.node() + "; " + obstacle);
        }
    }

    private String obstacle(Healthy log, NodeView from, NodeView target) {
        var frozen = frozen(log.pchannel(), from);
        if (!frozen.isEmpty()) {
            return frozen;
        }
        if (!target.takesMoves()) {
            return target.describe();
        }
        if (!isRested(log)) {
            return "it has to be open for a moment before it is moved";
        }
        if (draft.movesLeft() <= 0) {
            return "waits for other moves to end";
        }
        var choice = targets.own(target, "");
        return choice.node().isPresent() ? "" : choice.text();
    }

    /** Moves logs from the nodes with most to those with fewest, as long as these differ by more than is tolerated. */
    void balance() {
        while (draft.movesLeft() > 0 && balanceOnce()) {
            // Each round moves one log, so there are at most as many as moves are left.
        }
    }

    private boolean balanceOnce() {
        var fewest = draft.nodes().all().stream()
                .filter(NodeView::takesMoves)
                .filter(node -> targets.own(node, "").node().isPresent())
                .min(Comparator.comparingInt(node -> draft.load(node.id()).logs()));
        if (fewest.isEmpty()) {
            return false;
        }
        var to = fewest.get();
        var donors = draft.nodes().all().stream()
                .filter(node -> node.standing() == NodeView.Standing.LIVE)
                .filter(node -> difference(node, to) > TOLERATED_DIFFERENCE)
                .sorted(Comparator.comparingInt(
                        (NodeView node) -> -draft.load(node.id()).logs()))
                .toList();
        for (var from : donors) {
            var log = logsOf(from).stream().filter(each -> isFree(each, from)).min(byFit(from, to));
            if (log.isPresent()) {
                var text = from.id() + " had " + draft.load(from.id()).logs() + " logs, " + to.id() + " "
                        + draft.load(to.id()).logs();
                moveForBalance(log.get(), to, Reason.BALANCE_COUNT, text);
                return true;
            }
        }
        return false;
    }

    private int difference(NodeView from, NodeView to) {
        return draft.load(from.id()).logs() - draft.load(to.id()).logs();
    }

    void moveForBalance(Healthy log, NodeView to, Reason reason, String text) {
        draft.release(log.owned(), to.id(), reason, text);
        forget(log);
    }

    /** Prefers the log that brings the two rates closest to each other. */
    private Comparator<Healthy> byFit(NodeView from, NodeView to) {
        var half = (draft.load(from.id()).rate() - draft.load(to.id()).rate()) / 2;
        return Comparator.comparingLong((Healthy log) -> Math.abs(half - draft.rate(log.pchannel())))
                .thenComparing(Healthy::pchannel);
    }

    /** Returns whether a log may be moved for balance. */
    boolean isFree(Healthy log, NodeView from) {
        return isRested(log)
                && draft.seen().state().pin(log.pchannel()).isEmpty()
                && !draft.seen().state().isUnreadable(MetaKey.pin(log.pchannel()))
                && frozen(log.pchannel(), from).isEmpty();
    }

    /** A log that has just been moved, or has just failed somewhere, stays for a while. */
    private boolean isRested(Healthy log) {
        var settings = draft.settings();
        var rest = log.owned().failures() > 0
                ? settings.pauses().served()
                : settings.patience().rest();
        return log.openMs() >= rest.toMillis();
    }

    private String frozen(PChannel pchannel, NodeView from) {
        var now = draft.seen().now();
        var all = draft.nodes().freeze(MetaKey.freezeAll(), now);
        if (!all.isEmpty()) {
            return "all moves are frozen: " + all;
        }
        var one = draft.nodes().freeze(MetaKey.freezePChannel(pchannel), now);
        if (!one.isEmpty()) {
            return pchannel + " is frozen: " + one;
        }
        return from.freeze().isEmpty() ? "" : from.id() + " is frozen: " + from.freeze();
    }

    List<Healthy> logsOf(NodeView node) {
        return List.copyOf(byNode.getOrDefault(node.id(), List.of()));
    }

    /** Returns whether the rate of every log is known. */
    boolean hasAllRates() {
        return draft.seen().rates().keySet().containsAll(byLog.keySet());
    }
}
