package io.seawall.coordinator;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.meta.Reason;
import io.seawall.coordinator.placement.Changes;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Judges every transaction of a coordinator as it lands in the topic, with rules of its own. */
final class SimJudge {
    /** A decision may have been made so long before it lands. */
    private static final long DELAY_MS = 11_000;

    /** Longer than a restart is held against a node, and a decision delayed. */
    private static final long LONG_MS = 33_000;

    private static final long REPLAY_EVERY_MS = 10_000;

    private final SimWorld world;
    private final Map<PChannel, Long> terms = new HashMap<>();
    private final Map<PChannel, Long> ownedAtMs = new HashMap<>();
    private final Set<String> nonces = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private MetaState state = MetaState.EMPTY;
    private long position;
    private String nonce = "";
    private long decision;
    private long lastChangeMs;

    SimJudge(SimWorld world) {
        this.world = world;
    }

    List<String> violations() {
        return violations;
    }

    /** Returns when an assignment was last changed. */
    long lastChangeMs() {
        return lastChangeMs;
    }

    void violated(String what) {
        violations.add(world.nowMs() + " ms: " + what);
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            violated(what);
        }
    }

    MetaState state() {
        var end = world.topic().end();
        var news = new ArrayList<News>();
        world.topic().from(position, end).forEach(entry -> entry.news().ifPresent(news::add));
        position = end;
        state = state.after(news);
        return state;
    }

    void onCommit(Owner writer, Changes changes) {
        var before = state();
        // First: a log without an assignment makes the numbers below differ, and that would be what is reported.
        for (var key : changes.removed()) {
            check(key.kind() != MetaKey.Kind.ASSIGNMENT, writer.node() + " deletes " + key);
        }
        var suspicions = new HashSet<String>();
        var loads = loads(before);
        for (var record : changes.written()) {
            if (record instanceof MetaRecord.Suspicion suspicion) {
                suspicions.add(suspicion.node());
                check(
                        world.wasHinted(suspicion.incarnation()),
                        "a suspicion of a process that was not reported dead: " + suspicion);
                world.count("suspicions");
            } else if (record instanceof MetaRecord.Coordinator own) {
                onCoordinator(own, changes);
            } else if (record instanceof Assignment assignment) {
                onAssignment(assignment, before, suspicions, loads);
            }
        }
        var after =
                before.after(changes.written().stream().map(News.Written::new).toList());
        checkBounds(after);
    }

    private void onCoordinator(MetaRecord.Coordinator own, Changes changes) {
        if (own.nonce().equals(nonce)) {
            check(own.decision() == decision + 1, "decision " + own.decision() + " follows " + decision);
        } else {
            check(nonces.add(own.nonce()), own.nonce() + " is back");
            check(own.decision() == 0 && changes.written().size() == 1, own.nonce() + " decides before it has read");
            world.count("coordinators");
        }
        nonce = own.nonce();
        decision = own.decision();
    }

    private static Map<String, Integer> loads(MetaState state) {
        var loads = new TreeMap<String, Integer>();
        for (var assignment : state.assignments()) {
            place(assignment).ifPresent(node -> loads.merge(node, 1, Integer::sum));
        }
        return loads;
    }

    /** Returns the node for which a log counts. */
    private static Optional<String> place(Assignment assignment) {
        if (assignment instanceof Owned owned) {
            return Optional.of(owned.owner().node());
        }
        return assignment instanceof Releasing releasing && !releasing.target().isEmpty()
                ? Optional.of(releasing.target())
                : Optional.empty();
    }

    private void onAssignment(
            Assignment assignment, MetaState before, Set<String> suspicions, Map<String, Integer> loads) {
        lastChangeMs = world.nowMs();
        var pchannel = assignment.pchannel();
        var former = before.assignment(pchannel);
        check(
                assignment.term() >= terms.getOrDefault(pchannel, -1L),
                pchannel + " goes back to term " + assignment.term());
        if (assignment instanceof Owned owned) {
            onOwned(owned, before, suspicions);
        }
        if (assignment.phase() == Phase.RETIRED) {
            world.count("RETIRED");
        }
        if (assignment instanceof Releasing releasing) {
            onReleasing(releasing, before, loads);
        }
        if (former.isPresent() && former.get().phase() == Phase.QUARANTINED) {
            check(
                    assignment.note().reason() == Reason.UNQUARANTINED || assignment.phase() == Phase.RETIRED,
                    pchannel + " leaves its quarantine by itself");
        }
        former.flatMap(SimJudge::place).ifPresent(node -> loads.merge(node, -1, Integer::sum));
        place(assignment).ifPresent(node -> loads.merge(node, 1, Integer::sum));
    }

    private void onOwned(Owned owned, MetaState before, Set<String> suspicions) {
        var pchannel = owned.pchannel();
        var node = owned.owner().node();
        var last = terms.getOrDefault(pchannel, -1L);
        check(owned.term() > last, pchannel + " is given term " + owned.term() + " after " + last);
        terms.put(pchannel, owned.term());
        check(
                before.suspicion(node).isEmpty() && !suspicions.contains(node),
                pchannel + " is given to " + node + ", which was reported dead");
        check(
                (before.node(node).isPresent() && !before.node(node).get().leaving()) || isStartedSince(owned, before),
                pchannel + " is given to " + node + ", which is leaving or unknown");
        var former = before.assignment(pchannel);
        if (former.isPresent() && former.get() instanceof Owned lastOwned) {
            onTakeover(owned, lastOwned, before, suspicions);
        }
        ownedAtMs.put(pchannel, world.nowMs());
        world.count(owned.note().reason().name());
    }

    /** The node may have begun to leave after the decision. */
    private boolean isStartedSince(Owned owned, MetaState before) {
        var node = before.node(owned.owner().node());
        return node.isPresent()
                && Duration.between(node.get().at(), world.wall()).toMillis() < DELAY_MS;
    }

    private void onTakeover(Owned owned, Owned last, MetaState before, Set<String> suspicions) {
        var loser = last.owner();
        var report = before.status(owned.pchannel(), loser.incarnation());
        check(
                report.isEmpty()
                        || report.get().term() != last.term()
                        || !report.get().code().equals("DATA_LOSS")
                        || Duration.between(report.get().at(), world.wall()).toMillis() < DELAY_MS,
                owned.pchannel() + " is opened again after it has lost data");
        var reason = owned.note().reason();
        if (reason == Reason.OWNER_SUSPECTED) {
            var announced = before.node(loser.node());
            // The next process may have announced itself after the decision.
            var wasSuspected = before.suspicions().stream()
                    .anyMatch(suspicion -> suspicion.node().equals(loser.node()));
            var process = world.alive().get(loser.node());
            // A hint about a later process of the node counts as well, since this one cannot be there any more.
            var isLaterSuspected = suspicions.contains(loser.node())
                    && (process == null || !process.self().equals(loser));
            check(
                    world.wasHinted(loser.incarnation())
                            || wasSuspected
                            || isLaterSuspected
                            || announced
                                    .filter(node -> world.wasHinted(node.incarnation()))
                                    .isPresent(),
                    owned.pchannel() + " is taken from " + loser + ", which was not reported dead");
        }
        if (reason == Reason.OWNER_GONE) {
            var process = world.alive().get(loser.node());
            check(
                    process == null
                            || !process.self().equals(loser)
                            || process.undisturbedSinceMs() > world.nowMs() - LONG_MS
                            || process.isFlapping(LONG_MS),
                    owned.pchannel() + " is taken from " + loser + ", which is there");
        }
        if (reason == Reason.RETURNED) {
            check(owned.owner().node().equals(loser.node()), owned.pchannel() + " returns to another node");
        }
        if (reason == Reason.FAILED) {
            var pauseMs = pauseMs(owned.failures());
            var sinceMs = world.nowMs() - ownedAtMs.getOrDefault(owned.pchannel(), Long.MIN_VALUE / 2);
            check(
                    sinceMs >= pauseMs,
                    owned.pchannel() + " is tried again after " + sinceMs + " ms, failure " + owned.failures());
        }
    }

    private static long pauseMs(int failures) {
        var pauses = SimWorld.SETTINGS.pauses();
        var pauseMs = pauses.failureLeast().toMillis();
        for (var more = 1; more < failures; more++) {
            pauseMs = Math.min(2 * pauseMs, pauses.failureMost().toMillis());
        }
        return pauseMs;
    }

    private void onReleasing(Releasing releasing, MetaState before, Map<String, Integer> loads) {
        var from = releasing.owner().node();
        var target = releasing.target();
        var reason = releasing.note().reason();
        world.count("release " + reason.name());
        if (reason == Reason.BALANCE_COUNT) {
            check(
                    loads.getOrDefault(from, 0) - loads.getOrDefault(target, 0) >= 2,
                    releasing.pchannel() + " moves from " + from + " to " + target
                            + " for a difference of less than 2: " + loads);
        }
        if (reason != Reason.OWNER_LEAVING) {
            for (var scope : List.of(
                    MetaKey.freezeAll(), MetaKey.freezePChannel(releasing.pchannel()), MetaKey.freezeNode(from))) {
                check(
                        before.freeze(scope, world.wall()).isEmpty(),
                        releasing.pchannel() + " moves for " + reason + " in spite of " + scope);
            }
        }
    }

    private void checkBounds(MetaState after) {
        var bounds = SimWorld.SETTINGS.bounds();
        var releasing = 0;
        var openings = new HashMap<String, Integer>();
        var young = new HashMap<String, Integer>();
        for (var assignment : after.assignments()) {
            if (assignment instanceof Releasing move) {
                releasing += isUnderWay(move, after) ? 1 : 0;
            } else if (assignment instanceof Owned owned && isOpening(owned, after)) {
                openings.merge(owned.owner().incarnation(), 1, Integer::sum);
                var ageMs = world.nowMs() - ownedAtMs.getOrDefault(owned.pchannel(), 0L);
                if (ageMs < bounds.slow().toMillis() - DELAY_MS) {
                    young.merge(owned.owner().incarnation(), 1, Integer::sum);
                }
            }
        }
        check(releasing <= bounds.moves(), releasing + " logs are moved at once");
        openings.forEach(
                (node, count) -> check(count <= 2 * bounds.openings(), node + " opens " + count + " logs at once"));
        young.forEach((node, count) -> check(count <= bounds.openings(), node + " has to open " + count + " at once"));
    }

    /** A log whose owner has released it, or is not there, only waits for another one. */
    private boolean isUnderWay(Releasing move, MetaState state) {
        var owner = move.owner();
        var report = state.status(move.pchannel(), owner.incarnation());
        var ended = report.isPresent()
                && (report.get().condition() == Condition.RELEASED
                        || report.get().condition() == Condition.FAILED);
        var process = world.alive().get(owner.node());
        return !ended && process != null && process.self().equals(owner);
    }

    private static boolean isOpening(Owned owned, MetaState state) {
        var report = state.status(owned.pchannel(), owned.owner().incarnation());
        return report.isEmpty()
                || report.get().term() < owned.term()
                || report.get().condition() == Condition.OPENING;
    }

    /** From time to time: what a new process reads is what a process knows that has read everything. */
    void onTick() {
        if (world.nowMs() % REPLAY_EVERY_MS == 0) {
            checkReplay();
        }
    }

    void checkReplay() {
        var whole = world.topic().replayWhole();
        check(whole.equals(world.topic().replayCompacted()), "the compacted topic gives another state");
        for (var node : world.alive().values()) {
            if (node.isCaughtUp()) {
                check(
                        node.coordinator().state().equals(whole),
                        node.self() + " knows another state than the topic gives");
            }
        }
    }
}
