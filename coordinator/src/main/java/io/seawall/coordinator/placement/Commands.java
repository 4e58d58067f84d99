package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Note;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.Assignment.Quarantined;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Drain;
import io.seawall.coordinator.meta.MetaRecord.Freeze;
import io.seawall.coordinator.meta.MetaRecord.Pin;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.Reason;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns commands into records, or refuses them. Commands that change nothing give no records. */
final class Commands {
    /** Each answer about a log repeats the reason, so it is bounded. */
    private static final int LONGEST_REASON = 300;

    /** Longer freezes have no end; and the end of each has to be a time. */
    private static final Duration LONGEST_FREEZE = Duration.ofDays(3650);

    private final Situation seen;
    private final MetaState state;
    private final Nodes nodes;

    /**
     * Prepares decisions.
     *
     * @param seen what is known now
     * @param watch what was seen so far, this observation included
     * @param settings the bounds
     */
    Commands(Situation seen, Watch watch, PlacementSettings settings) {
        this.seen = seen;
        this.state = seen.state();
        this.nodes = Nodes.of(seen, watch, Set.of(), settings);
    }

    /**
     * Decides about a command.
     *
     * @param command the command
     * @return the records to write
     * @throws io.seawall.wal.WalException with {@link ErrorCode#NOT_FOUND} for what does not exist, with
     *     {@link ErrorCode#INVALID} for what is not allowed
     */
    Changes decide(Command command) {
        if (command instanceof Command.AddTopic add) {
            return addTopic(add);
        } else if (command instanceof Command.RemoveTopic remove) {
            return Changes.without(MetaKey.topic(PChannel.checkTopic(remove.name())));
        } else if (command instanceof Command.PinLog pin) {
            checkLog("pin " + pin.pchannel(), pin.pchannel());
            checkNode("pin " + pin.pchannel() + " to " + pin.node(), pin.node());
            var reason = checkReason("pin " + pin.pchannel(), pin.reason());
            return Changes.of(new Pin(pin.pchannel(), pin.node(), reason, now()));
        } else if (command instanceof Command.UnpinLog unpin) {
            return end(MetaKey.pin(unpin.pchannel()), () -> checkLog("unpin " + unpin.pchannel(), unpin.pchannel()));
        } else if (command instanceof Command.DrainNode drain) {
            return drain(drain);
        } else if (command instanceof Command.ResumeNode resume) {
            return end(MetaKey.drain(resume.node()), () -> checkNode("resume " + resume.node(), resume.node()));
        } else if (command instanceof Command.FreezeMoves freeze) {
            return freeze(freeze);
        } else if (command instanceof Command.ThawMoves thaw) {
            return end(checkScope(thaw.scope()), () -> checkSubject("thaw moves", thaw.scope()));
        } else if (command instanceof Command.Unquarantine end) {
            return unquarantine(end.pchannel());
        } else if (command instanceof Command.ForgetNode forget) {
            return forget(forget.node());
        }
        throw new IllegalStateException("no such command: " + command);
    }

    /** Deletes an order. If there is none, what it would be about has to exist, and nothing changes. */
    private Changes end(MetaKey order, Runnable check) {
        if (state.contains(order)) {
            return Changes.without(order);
        }
        check.run();
        return Changes.NONE;
    }

    private Changes addTopic(Command.AddTopic add) {
        var name = PChannel.checkTopic(add.name());
        if (state.isUnreadable(MetaKey.topic(name))) {
            throw Problem.of(ErrorCode.INVALID, "add topic " + name)
                    .found("a topic whose record this version cannot read")
                    .expected("a coordinator of the version that wrote it")
                    .exception();
        }
        var known = state.topic(name).map(Topic::pchannels).orElse(0);
        if (add.pchannels() < 1 || add.pchannels() < known || add.pchannels() > MetaRecord.MOST_PCHANNELS) {
            throw Problem.of(ErrorCode.INVALID, "add topic " + name)
                    .found(add.pchannels() + " pchannels")
                    .expected(Math.max(1, known) + " to " + MetaRecord.MOST_PCHANNELS)
                    .exception();
        }
        return known == add.pchannels() ? Changes.NONE : Changes.of(new Topic(name, add.pchannels()));
    }

    /** A drain that would leave logs without an owner is refused, unless it is forced. */
    private Changes drain(Command.DrainNode drain) {
        var operation = "drain " + drain.node();
        checkNode(operation, drain.node());
        var another = nodes.all().stream().anyMatch(node -> !node.id().equals(drain.node()) && node.tier() <= 1);
        if (!another && !drain.forced() && hasLogs(drain.node())) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found("no other node that may take its logs")
                    .expected("at least one")
                    .fix("start another node, or force the drain and leave the logs without an owner")
                    .exception();
        }
        return Changes.of(new Drain(drain.node(), drain.forced(), checkReason(operation, drain.reason()), now()));
    }

    private boolean hasLogs(String node) {
        return state.assignments().stream()
                .flatMap(assignment -> assignment.process().stream())
                .anyMatch(owner -> owner.node().equals(node));
    }

    private Changes freeze(Command.FreezeMoves freeze) {
        checkSubject("freeze moves", checkScope(freeze.scope()));
        var lasts = freeze.lasts();
        if (lasts.isPresent()
                && (lasts.get().isNegative()
                        || lasts.get().isZero()
                        || lasts.get().compareTo(LONGEST_FREEZE) > 0)) {
            throw Problem.of(ErrorCode.INVALID, "freeze moves")
                    .found("a duration of " + lasts.get())
                    .expected("a duration above 0 and up to " + LONGEST_FREEZE + ", or none")
                    .exception();
        }
        return Changes.of(new Freeze(
                freeze.scope(), checkReason("freeze moves", freeze.reason()), lasts.map(now()::plus), now()));
    }

    private static String checkReason(String operation, String reason) {
        if (reason.length() > LONGEST_REASON) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found("a reason of " + reason.length() + " characters")
                    .expected("up to " + LONGEST_REASON)
                    .exception();
        }
        return reason;
    }

    private static MetaKey checkScope(MetaKey scope) {
        var parsed = MetaKey.parse(scope.toString());
        if (scope.kind() != MetaKey.Kind.FREEZE || parsed.isEmpty()) {
            throw Problem.of(ErrorCode.INVALID, "freeze or thaw moves")
                    .found("the scope " + scope)
                    .expected("all, a node or a pchannel")
                    .exception();
        }
        return scope;
    }

    /** Checks that the node or the log of a freeze exists. */
    private void checkSubject(String operation, MetaKey scope) {
        scope.frozenNode().ifPresent(node -> checkNode(operation + " of " + node, node));
        scope.frozenPChannel().ifPresent(pchannel -> checkLog(operation + " of " + pchannel, pchannel));
    }

    private Changes unquarantine(PChannel pchannel) {
        var operation = "end the quarantine of " + pchannel;
        var assignment = checkLog(operation, pchannel);
        if (assignment instanceof Quarantined quarantined) {
            var note = new Note(Reason.UNQUARANTINED, "an operator ended the quarantine", now());
            return Changes.of(quarantined.toUnowned(note));
        }
        throw Problem.of(ErrorCode.INVALID, operation)
                .pchannel(pchannel)
                .found("a log that is " + assignment.phase().name().toLowerCase(Locale.ROOT))
                .expected("a log in quarantine")
                .exception();
    }

    private Changes forget(String node) {
        var operation = "forget " + node;
        checkNode(operation, node);
        var there = nodes.find(node).filter(view -> !isGone(view)).isPresent();
        // A node of a later version is not known to be gone.
        if (state.isUnreadable(MetaKey.node(node))) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found("a node whose record this version cannot read")
                    .expected("a coordinator of the version that wrote it")
                    .exception();
        }
        if (there || hasLogs(node)) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found(there ? "a node that is not gone" : "a node that still has logs")
                    .expected("a node that is gone and has no logs")
                    .exception();
        }
        return Changes.without(MetaKey.node(node));
    }

    /** Returns whether a node is gone; one that was reported dead is once the group has dropped it too. */
    private boolean isGone(NodeView node) {
        var isSuspected = node.standing() == NodeView.Standing.SUSPECTED;
        var isInGroup = seen.members()
                .filter(members -> members.nodes().contains(node.id()))
                .isPresent();
        return node.standing() == NodeView.Standing.GONE || (isSuspected && !isInGroup);
    }

    private Assignment checkLog(String operation, PChannel pchannel) {
        var assignment = state.assignment(pchannel).filter(known -> known.phase() != Phase.RETIRED);
        return assignment.orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND, operation)
                .pchannel(pchannel)
                .found("no such log in the cluster")
                .exception());
    }

    private void checkNode(String operation, String node) {
        var isKnown = state.contains(MetaKey.node(node)) || state.contains(MetaKey.drain(node));
        if (!MetaKey.isNode(node) || !isKnown) {
            throw Problem.of(ErrorCode.NOT_FOUND, operation)
                    .found("no such node in the cluster")
                    .expected(nodes.all().stream().map(NodeView::id).sorted().collect(Collectors.joining(" or ")))
                    .exception();
        }
    }

    private Instant now() {
        return seen.now().wall();
    }
}
