package io.seawall.clustersim;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.Reason;
import io.seawall.coordinator.placement.Changes;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges decisions as their transactions become final, and openings as they happen, by rules of its own. */
final class ClusterJudge {
    /** A session, its grace, and the time for which a decision can be on its way. */
    private static final long LONG_MS = 20_000;

    /** A session, and some of that time: a release is waited for unless its owner is not there. */
    private static final long RELEASE_MS = 12_000;

    /** What follows from reports, which may be late although their process is there. */
    private static final Set<Reason> OF_REPORTS = Set.of(Reason.UNRESPONSIVE, Reason.OVERDUE);

    private final World world;
    private final Map<PChannel, Assignment> assignments = new HashMap<>();
    private final Map<PChannel, Long> changedMs = new HashMap<>();
    private final Map<PChannel, Map<Long, Owner>> given = new HashMap<>();
    private final Map<PChannel, Map<Long, String>> opened = new HashMap<>();
    private final Map<String, Long> ended = new HashMap<>();
    private final Set<String> nonces = new HashSet<>();
    private final Set<String> hinted = new HashSet<>();
    private String nonce = "";
    private long decision;
    private long lastChangeMs;

    ClusterJudge(World world) {
        this.world = world;
    }

    /** Somebody says that a process is dead. */
    void onHint(String incarnation) {
        hinted.add(incarnation);
    }

    /** Returns when an assignment was last changed. */
    long lastChangeMs() {
        return lastChangeMs;
    }

    /** Returns the last assignment of each log. */
    Map<PChannel, Assignment> assignments() {
        return assignments;
    }

    /** A transaction of a coordinator became final. */
    void onCommit(Changes changes) {
        world.tell(() -> "decided: " + changes);
        for (var record : changes.written()) {
            if (record instanceof MetaRecord.Suspicion suspicion) {
                world.count("suspicions");
                world.check(
                        hinted.contains(suspicion.incarnation()),
                        () -> "a suspicion of a process that nobody reported dead: " + suspicion);
            } else if (record instanceof MetaRecord.Coordinator own) {
                onCoordinator(own, changes);
            }
        }
        for (var record : changes.written()) {
            if (record instanceof Assignment assignment) {
                onAssignment(assignment);
            }
        }
        for (var key : changes.removed()) {
            world.check(!key.toString().startsWith("assignment/"), () -> key + " is deleted");
        }
    }

    private void onCoordinator(MetaRecord.Coordinator own, Changes changes) {
        if (own.nonce().equals(nonce)) {
            var expected = decision + 1;
            world.check(
                    own.decision() == expected,
                    () -> "decision " + own.decision() + " of " + own.nonce() + ", where " + expected + " is next");
        } else {
            world.count("coordinators");
            world.check(nonces.add(own.nonce()), () -> own.nonce() + " writes after it was fenced");
            world.check(
                    own.decision() == 0 && changes.written().size() == 1,
                    () -> own.nonce() + " decides before it has read its own announcement");
        }
        nonce = own.nonce();
        decision = own.decision();
    }

    private void onAssignment(Assignment assignment) {
        lastChangeMs = world.nowMs();
        var pchannel = assignment.pchannel();
        var before = assignments.get(pchannel);
        world.count(assignment.phase().name());
        world.count(assignment.note().reason().name());
        world.check(
                before == null || assignment.term() >= before.term(),
                () -> pchannel + " goes back from term " + before + " to " + assignment);
        if (assignment instanceof Owned owned) {
            var terms = given.computeIfAbsent(pchannel, key -> new HashMap<>());
            world.check(
                    before == null || owned.term() > before.term(),
                    () -> "term " + owned.term() + " of " + pchannel + " is given after " + before);
            var other = terms.put(owned.term(), owned.owner());
            world.check(other == null, () -> "term " + owned.term() + " of " + pchannel + " is given a second time");
            if (before != null) {
                notTaken(owned, before);
            }
        }
        assignments.put(pchannel, assignment);
        changedMs.put(pchannel, world.nowMs());
    }

    private static @Nullable Owner owner(Assignment assignment) {
        return assignment instanceof Owned owned
                ? owned.owner()
                : assignment instanceof Releasing releasing ? releasing.owner() : null;
    }

    /**
     * A log that is open at a process which is there, and which nobody reported dead, is not given away; one that is to be
     * released is given away after the report.
     */
    private void notTaken(Owned owned, Assignment before) {
        var loser = owner(before);
        if (loser == null || loser.equals(owned.owner())) {
            return;
        }
        var process = world.processOf(loser);
        var isReleasing = before instanceof Releasing;
        var graceMs = isReleasing ? World.PLACEMENT.patience().release().toMillis() : Long.MAX_VALUE;
        var longAgoMs = world.nowMs() - (isReleasing ? RELEASE_MS : LONG_MS);
        var isThere = process != null
                && !hinted.contains(loser.incarnation())
                && !OF_REPORTS.contains(owned.note().reason())
                && process.undisturbedSinceMs() < longAgoMs
                && world.group().disturbedMs() < longAgoMs
                && (isReleasing
                        ? endedTerm(before.pchannel(), loser) < before.term()
                        : process.open().getOrDefault(before.pchannel(), -1L) == before.term())
                && world.nowMs() - changedMs.getOrDefault(before.pchannel(), 0L) < graceMs;
        world.check(
                !isThere,
                () -> before.pchannel() + " is taken from " + loser + ", which is there and has not released it: "
                        + owned);
    }

    /** A plain record of a process about itself was written. */
    void onPlain(MetaRecord record) {
        world.tell(() -> "wrote " + record);
        if (record instanceof MetaRecord.Node announced) {
            // A zombie, or a late record of a former process: until the last one announces itself again, it is not
            // there.
            var last = world.aliveOf(announced.id());
            if (last != null && !last.self().incarnation().equals(announced.incarnation())) {
                world.count("a former process announced itself");
                last.disturbed(world.nowMs());
            }
        }
        if (record instanceof Status status
                && (status.condition() == Condition.FAILED || status.condition() == Condition.RELEASED)) {
            world.count("terms that ended: " + status.condition());
            ended.merge(status.pchannel() + " at " + status.incarnation(), status.term(), Math::max);
        }
    }

    private long endedTerm(PChannel pchannel, Owner owner) {
        return ended.getOrDefault(pchannel + " at " + owner.incarnation(), -1L);
    }

    /** Returns whether a process was the last one that has opened a log. */
    boolean isLastOpenedBy(PChannel pchannel, Owner owner) {
        return opened.getOrDefault(pchannel, Map.of()).entrySet().stream()
                .max(Map.Entry.comparingByKey())
                .filter(last -> last.getValue().equals(owner.incarnation()))
                .isPresent();
    }

    void onOpening(SimMember member, PChannel pchannel, long term) {
        world.count("openings");
        world.tell(() -> member.self() + " opens " + pchannel + "@" + term);
        world.check(
                member.topic().hasReadWhatWasThere(),
                () -> member.self() + " opens " + pchannel + " before it has read the topic");
        var owner = given.getOrDefault(pchannel, Map.of()).get(term);
        world.check(
                member.self().equals(owner),
                () -> member.self() + " opens term " + term + " of " + pchannel + ", which was given to " + owner);
    }

    void onOpened(SimMember member, PChannel pchannel, long term) {
        world.tell(() -> member.self() + " has opened " + pchannel + "@" + term);
        var other = opened.computeIfAbsent(pchannel, key -> new HashMap<>())
                .put(term, member.self().incarnation());
        world.check(
                other == null,
                () -> "P1: term " + term + " of " + pchannel + " is open at " + other + " and " + member.self());
    }

    void onEnded(SimMember member, PChannel pchannel, @Nullable WalException why) {
        world.tell(() -> member.self() + " lost " + pchannel + ": " + why);
        world.check(
                why != null && why.code() != ErrorCode.INTERNAL && why.code() != ErrorCode.DATA_LOSS,
                () -> pchannel + " ends at " + member.self() + " with " + why);
    }
}
