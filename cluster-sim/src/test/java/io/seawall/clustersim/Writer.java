package io.seawall.clustersim;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.kafkasim.SimHistory.Append;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client that appends to one log, through the node that it believes to own it. */
final class Writer {
    private final World world;
    private final PChannel pchannel;
    private final LogTruth truth;
    private final Map<String, List<Attempt>> attempts = new HashMap<>();
    private @Nullable SimMember believed;

    /** One append at one process and term. */
    private static final class Attempt {
        private boolean answered;
    }

    Writer(World world, PChannel pchannel, LogTruth truth) {
        this.world = world;
        this.pchannel = pchannel;
        this.truth = truth;
    }

    /** Appends, or looks for the owner first; returns the append, or null. */
    @Nullable
    Append step() {
        var member = believed;
        if (member == null || !member.process().isRunning() || world.chance(0.02)) {
            member = look();
            believed = member;
        }
        if (member == null) {
            return null;
        }
        try {
            return append(member, member.lifetimes().get(pchannel));
        } catch (WalException refused) {
            noBug("a request for the log", refused);
            believed = null;
            return null;
        }
    }

    /** Asks any node who owns the log; sometimes tries a node without asking. */
    private @Nullable SimMember look() {
        var asked = world.anyRunning();
        if (asked == null || world.chance(0.2)) {
            return asked;
        }
        return asked.member()
                .view()
                .state()
                .assignment(pchannel)
                .map(Writer::node)
                .map(world::aliveOf)
                .orElse(null);
    }

    private static String node(Assignment assignment) {
        return assignment instanceof Owned owned ? owned.owner().node() : assignment.home();
    }

    private Append append(SimMember member, Wal wal) {
        var append = truth.history()
                .begin(1 + world.random().nextInt(3), world.random().nextInt(20));
        append.attempt();
        var term = wal.term();
        var floorTerm = truth.ackedTerm();
        var mine = attempts.computeIfAbsent(member.self().incarnation() + "@" + term, key -> new ArrayList<>());
        mine.removeIf(each -> each.answered);
        var attempt = new Attempt();
        mine.add(attempt);
        world.tell(() -> member.self().incarnation() + " appends " + append.name() + " to " + pchannel + "@" + term);
        World.listen(wal.append(AppendRequest.of(append.batch())), (at, error) -> {
            attempt.answered = true;
            if (at != null) {
                var inOrder = mine.indexOf(attempt) < 0
                        || mine.subList(0, mine.indexOf(attempt)).stream().allMatch(each -> each.answered);
                world.check(inOrder, () -> "P3: " + append + " of " + pchannel + " is answered before an earlier one");
                acknowledged(member, append, at, floorTerm);
            } else if (error instanceof WalException problem) {
                noBug(append + " of " + pchannel, problem);
                truth.history().failed(append, problem);
                world.count("appends that failed");
            } else {
                world.violated("an append ends with " + error);
            }
        });
        return append;
    }

    /** An append that began after a higher term had acknowledged one is a zombie's. */
    private void acknowledged(SimMember member, Append append, Appended at, long floorTerm) {
        world.count("appends");
        world.check(
                at.term() >= floorTerm,
                () -> "zombie: " + member.self() + " acknowledges " + append.name() + " of " + pchannel + " at term "
                        + at.term() + ", which began after term " + floorTerm + " had acknowledged");
        truth.history().acknowledged(append, at);
        truth.acknowledged(at.term());
    }

    private void noBug(String what, WalException error) {
        var bug = error.code() == ErrorCode.INTERNAL
                || error.code() == ErrorCode.DATA_LOSS
                || error.code() == ErrorCode.INVALID;
        world.check(!bug, () -> what + " ends with " + error.getMessage());
    }
}
