package io.seawall.coordinator;

import io.seawall.coordinator.Role.Announcing;
import io.seawall.coordinator.Role.Fencing;
import io.seawall.coordinator.Role.Follower;
import io.seawall.coordinator.Role.Leading;
import io.seawall.coordinator.Role.Writing;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Changes;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.Planner;
import io.seawall.coordinator.placement.Situation;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.coordinator.placement.Situation.Members;
import io.seawall.coordinator.placement.Situation.Moment;
import io.seawall.coordinator.placement.Watch;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A node's part in coordinating the cluster, as a value: an event returns the next value and the actions to take. Every node has
 * one and feeds it with all news of the meta topic, so that each can take over, answer where a log is, and explain why.
 *
 * <p>Two coordinators never decide on the same state. A new one takes the transactional id, which fences the former; then it
 * writes a record of its own and decides nothing before it has read that record, and with it all that the former wrote
 * (docs/coordinator.md#becoming-the-coordinator). Then it writes one decision at a time, and reads it before the next.
 */
public final class Coordinator {
    private final Owner self;
    private final Planner planner;
    private final Memory memory;
    private final Role role;

    private Coordinator(Owner self, Planner planner, Memory memory, Role role) {
        this.self = self;
        this.planner = planner;
        this.memory = memory;
        this.role = role;
    }

    /**
     * The result of an event.
     *
     * @param next the next value
     * @param actions the actions to take, in this order
     */
    public record Step(Coordinator next, List<Action> actions) {
        /** Copies the list. */
        public Step {
            actions = List.copyOf(actions);
        }
    }

    /**
     * What a node knows.
     *
     * @param state the cluster's state
     * @param watch what was seen so far
     * @param history what became of each log
     * @param members the last good answer of the group
     * @param waits what logs wait for, at the last plan
     * @param hints hints that no plan took in yet, by node, with the time at which they came
     * @param rest the last plan, if it had nothing to do
     */
    private record Memory(
            MetaState state,
            Watch watch,
            History history,
            Optional<Members> members,
            Map<PChannel, String> waits,
            Map<String, Pending> hints,
            Optional<Rest> rest) {
        Memory with(MetaState nextState, History nextHistory) {
            return new Memory(nextState, watch, nextHistory, members, waits, hints, rest);
        }

        Memory with(Watch nextWatch, Optional<Members> nextMembers, Map<String, Pending> nextHints) {
            return new Memory(state, nextWatch, history, nextMembers, waits, nextHints, rest);
        }

        Memory planned(Situation seen, Planner.Plan plan) {
            return new Memory(state, plan.watch(), history, members, plan.waits(), hints, Rest.after(seen, plan));
        }

        Memory notCoordinating() {
            return new Memory(state, watch, history, Optional.empty(), Map.of(), hints, Optional.empty());
        }

        boolean isAtRest(Situation seen) {
            return rest.filter(last -> last.covers(seen)).isPresent();
        }
    }

    /** A hint, and the beat that its node had announced when it came: a node that announced itself since then lives. */
    private record Pending(Hint hint, long beat, long sinceMs) {
        boolean isNews(MetaState state, long nowMs, long sessionMs) {
            var node = state.node(hint.node());
            return node.isPresent()
                    && node.get().incarnation().equals(hint.incarnation())
                    && node.get().beat() == beat
                    && state.suspicion(hint.node()).isEmpty()
                    && nowMs - sinceMs < sessionMs;
        }
    }

    /**
     * Creates the coordinator of a process that has just started.
     *
     * @param self this node and its process
     * @param planner makes the plans
     * @return a follower that has read nothing
     * @throws io.seawall.wal.WalException with {@link ErrorCode#INVALID} for names that no record can hold: this node would wait for
     *     ever to read its own
     */
    public static Coordinator create(Owner self, Planner planner) {
        if (!MetaKey.isNode(self.node()) || !MetaKey.isIncarnation(self.incarnation())) {
            throw Problem.of(ErrorCode.INVALID, "join the cluster as " + self.node())
                    .found("process " + self.incarnation())
                    .expected("up to 64 letters, digits, '.', '_' and '-' for the node, up to 128 for the process")
                    .exception();
        }
        var memory = new Memory(
                MetaState.EMPTY, Watch.NONE, History.NONE, Optional.empty(), Map.of(), Map.of(), Optional.empty());
        return new Coordinator(self, planner, memory, new Follower());
    }

    /** Returns the cluster's state as far as it was read. */
    public MetaState state() {
        return memory.state();
    }

    /** Returns whether this node decides: it was elected, and has read all that earlier coordinators wrote. */
    public boolean isLeading() {
        return role instanceof Leading || role instanceof Writing;
    }

    /** Returns the role for people: {@code follower}, {@code fencing}, {@code announcing}, {@code leading}, {@code writing}. */
    public String role() {
        return role.text();
    }

    /**
     * The node was given the partition of the meta topic. Without effect on a node that coordinates already.
     *
     * @param nonce a text that was never used before
     */
    public Step onElected(String nonce) {
        return role instanceof Follower follower
                ? new Step(with(follower.toFencing(nonce)), List.of(new Action.TakeId(nonce)))
                : same();
    }

    /** The node lost the partition, or cannot know whether it still has it. */
    public Step onDeposed() {
        return role instanceof Follower ? same() : follow("the group chose another coordinator");
    }

    /**
     * The transactional id was taken.
     *
     * @param nonce that of the action
     */
    public Step onIdTaken(String nonce, Moment now) {
        if (!(role instanceof Fencing fencing) || !fencing.nonce().equals(nonce)) {
            return same();
        }
        var announcing = fencing.toAnnouncing();
        return new Step(with(announcing), List.of(new Action.Write(nonce, own(Changes.NONE, nonce, 0, now.wall()))));
    }

    /**
     * A write failed, its outcome is not known, or the id could not be taken. The next attempt finds the outcome: what was written
     * precedes its announcement, and what was not written cannot be written any more.
     *
     * @param nonce that of the action
     */
    public Step onWriteFailed(String nonce, String why) {
        return role instanceof Follower || !role.nonce().equals(nonce) ? same() : follow(why);
    }

    /**
     * Records of the meta topic were read.
     *
     * @param news the records, in the topic's order
     */
    public Step onNews(List<News> news) {
        var nextRole = role;
        Optional<String> rival = Optional.empty();
        for (var each : news) {
            if (each instanceof News.Written written && written.value() instanceof MetaRecord.Coordinator record) {
                if (isRival(record, nextRole)) {
                    rival = Optional.of(record.node());
                }
                nextRole = replayed(record, nextRole);
            }
        }
        var next = new Coordinator(
                self,
                planner,
                memory.with(memory.state().after(news), memory.history().after(news)),
                nextRole);
        return rival.map(node -> next.follow(node + " coordinates now")).orElseGet(next::same);
    }

    private static Role replayed(MetaRecord.Coordinator record, Role role) {
        if (role instanceof Announcing announcing && record.nonce().equals(announcing.nonce())) {
            return announcing.toLeading();
        }
        if (role instanceof Writing writing
                && record.nonce().equals(writing.nonce())
                && record.decision() == writing.decision()) {
            return writing.toLeading();
        }
        return role;
    }

    /** Only a later coordinator can write after this one has read its own announcement. */
    private static boolean isRival(MetaRecord.Coordinator record, Role role) {
        return (role instanceof Leading leading && !record.nonce().equals(leading.nonce()))
                || (role instanceof Writing writing && !record.nonce().equals(writing.nonce()));
    }

    /**
     * Time has passed, or something happened. Nodes that do not coordinate observe too, so that the one that takes over knows since
     * when the others have been there. To be called after news, after a hint, and otherwise every 100 ms.
     *
     * @param observation what the node observes
     */
    public Step onObservation(Observation observation) {
        // The group's answers are for the coordinator: others would take a group that is being loaded for a smaller
        // one.
        var members = role instanceof Follower
                ? Optional.<Members>empty()
                : observation
                        .members()
                        .filter(answer -> answer.contains(self.node()))
                        .map(answer -> new Members(answer, observation.now().elapsedMs()))
                        .or(memory::members);
        var hints = hints(observation);
        var seen = seen(observation, members, hints);
        if (role instanceof Leading && memory.isAtRest(seen)) {
            return new Coordinator(self, planner, memory.with(memory.watch(), members, hints), role).same();
        }
        var watch = memory.watch().after(seen, planner.settings());
        if (!(role instanceof Leading leading)) {
            return new Coordinator(self, planner, memory.with(watch, members, hints), role).same();
        }
        var plan = planner.plan(seen, watch);
        var planned = memory.with(watch, members, hints).planned(seen, plan);
        return new Coordinator(self, planner, planned, role).write(leading, plan.changes(), observation.now());
    }

    private Situation seen(Observation observation, Optional<Members> members, Map<String, Pending> hints) {
        var pending = hints.values().stream().map(Pending::hint).toList();
        return new Situation(
                self.node(),
                memory.state(),
                observation.memberId(),
                members,
                observation.rates(),
                pending,
                observation.now());
    }

    /**
     * A hint waits until a plan took it in and its suspicion was read: the node may be about to take over, or a write may fail.
     * After a session it is worth nothing, since the group knows by then.
     */
    private Map<String, Pending> hints(Observation observation) {
        var nowMs = observation.now().elapsedMs();
        var sessionMs = planner.settings().absence().session().toMillis();
        var next = new TreeMap<>(memory.hints());
        for (var hint : observation.hints()) {
            memory.state()
                    .node(hint.node())
                    .ifPresent(node -> next.put(hint.node(), new Pending(hint, node.beat(), nowMs)));
        }
        next.values().removeIf(pending -> !pending.isNews(memory.state(), nowMs, sessionMs));
        return next;
    }

    /**
     * An operator, or the part of a node that manages topics, asks for a change.
     *
     * @param command the change
     * @param observation what the node observes
     * @return without an action if there is nothing to change
     * @throws io.seawall.wal.WalException if it is refused; with {@link ErrorCode#UNAVAILABLE} if this node does not coordinate
     *     or is writing, so that the caller has to try again
     */
    public Step onCommand(Command command, Observation observation) {
        if (!(role instanceof Leading leading) || memory.members().isEmpty()) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "change the cluster")
                    .found(self.node() + ", whose role is " + role.text())
                    .expected("the coordinator, between two decisions")
                    .fix("try again")
                    .exception();
        }
        var seen = seen(observation, memory.members(), Map.of());
        var watch = memory.watch().after(seen, planner.settings());
        return write(leading, planner.decide(command, seen, watch), observation.now());
    }

    private Step write(Leading leading, Changes changes, Moment now) {
        if (changes.isEmpty()) {
            return same();
        }
        var writing = leading.toWriting();
        var write = new Action.Write(writing.nonce(), own(changes, writing.nonce(), writing.decision(), now.wall()));
        return new Step(with(writing), List.of(write));
    }

    private Changes own(Changes changes, String nonce, long decision, Instant at) {
        var written = new ArrayList<>(changes.written());
        written.add(new MetaRecord.Coordinator(self.node(), self.incarnation(), nonce, decision, at));
        return new Changes(written, changes.removed());
    }

    /**
     * Explains a log.
     *
     * @param pchannel the log
     * @return the explanation; empty if the cluster has no such log
     */
    public Optional<Explanation> explain(PChannel pchannel) {
        return Explanation.of(
                pchannel,
                memory.state(),
                memory.history(),
                Optional.ofNullable(memory.waits().get(pchannel)));
    }

    private Step follow(String why) {
        var next = new Coordinator(self, planner, memory.notCoordinating(), new Follower());
        return new Step(next, List.of(new Action.StepDown(why)));
    }

    private Step same() {
        return new Step(this, List.of());
    }

    private Coordinator with(Role next) {
        return new Coordinator(self, planner, memory, next);
    }
}
