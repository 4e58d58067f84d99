package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.meta.Reason;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.coordinator.placement.Situation.Members;
import io.seawall.coordinator.placement.Situation.Moment;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A cluster of which a test says what happens; its coordinator is on node n1. */
final class Scene {
    static final Instant START = Instant.parse("2026-11-30T08:00:00Z");
    private static final long STEP_MS = 100;

    private final Planner planner;
    private final Set<String> members = new TreeSet<>();
    private final Set<PChannel> stuck = new HashSet<>();
    private final Set<String> silent = new HashSet<>();
    private final Map<PChannel, String> failing = new HashMap<>();
    private final Map<PChannel, Long> rates = new HashMap<>();
    private final List<Assignment> decided = new ArrayList<>();
    private MetaState state = MetaState.EMPTY;
    private Watch watch = Watch.NONE;
    private int joins;
    private long nowMs;
    private long answeredMs;
    private Set<String> answer = Set.of();
    private boolean answers = true;
    private int processes;
    private Planner.Plan last = new Planner.Plan(Changes.NONE, Watch.NONE, Map.of());

    Scene() {
        this(PlacementSettings.DEFAULTS);
    }

    Scene(PlacementSettings settings) {
        planner = new Planner(settings);
    }

    /** Returns a scene in which nodes have been there for long, and logs are open and balanced. */
    static Scene steady(int logs, String... nodes) {
        return steady(PlacementSettings.DEFAULTS, logs, nodes);
    }

    static Scene steady(PlacementSettings settings, int logs, String... nodes) {
        var scene = new Scene(settings);
        scene.topic("t", logs);
        for (var node : nodes) {
            scene.start(node);
        }
        scene.run(Duration.ofMinutes(1));
        scene.decided.clear();
        return scene;
    }

    static PChannel log(int partition) {
        return new PChannel("t", partition);
    }

    MetaState state() {
        return state;
    }

    Planner.Plan last() {
        return last;
    }

    /** Returns the assignments that were decided since this was last cleared, oldest first. */
    List<Assignment> decided() {
        return decided;
    }

    void write(MetaRecord... records) {
        state = state.after(Stream.of(records).map(News.Written::new).toList());
    }

    void read(News news) {
        state = state.after(List.of(news));
    }

    void topic(String name, int pchannels) {
        write(new Topic(name, pchannels));
    }

    /** Starts a process of a node, which joins the group. */
    void start(String id) {
        announce(id);
        members.add(id);
    }

    /** Starts a process of a node that does not join the group yet. */
    void announce(String id) {
        processes++;
        write(new Node(id, id + "-" + processes, 0, "", false, wall()));
    }

    void beat(String id) {
        var node = state.node(id).orElseThrow();
        write(new Node(id, node.incarnation(), node.beat() + 1, "", node.leaving(), wall()));
    }

    void leaving(String id) {
        var node = state.node(id).orElseThrow();
        write(new Node(id, node.incarnation(), node.beat(), "", true, wall()));
    }

    /** The group drops a node. */
    void drop(String... ids) {
        members.removeAll(List.of(ids));
    }

    void join(String id) {
        members.add(id);
    }

    void deleteGroup() {
        members.clear();
        members.add("n1");
        joins++;
    }

    /** The group gives no good answer, as while it is being loaded. */
    void groupIsSilent() {
        answers = false;
    }

    void groupAnswers() {
        answers = true;
    }

    /** Openings of this log do not end. */
    void stuck(PChannel pchannel) {
        stuck.add(pchannel);
    }

    void fails(PChannel pchannel, String code) {
        failing.put(pchannel, code);
    }

    void mend(PChannel pchannel) {
        failing.remove(pchannel);
        stuck.remove(pchannel);
    }

    /** A node does nothing any more, but stays in the group. */
    void silent(String node) {
        silent.add(node);
    }

    void speaks(String node) {
        silent.remove(node);
    }

    void rate(PChannel pchannel, long bytesPerSecond) {
        rates.put(pchannel, bytesPerSecond);
    }

    /** Another process takes over: what was seen is forgotten. */
    void newCoordinator() {
        joins++;
        watch = Watch.NONE;
    }

    Planner.Plan observe(Hint... hints) {
        var seen = situation(hints);
        watch = watch.after(seen, planner.settings());
        last = planner.plan(seen, watch);
        watch = last.watch();
        apply(last.changes());
        return last;
    }

    Situation situation(Hint... hints) {
        if (answers) {
            answer = Set.copyOf(members);
            answeredMs = nowMs;
        }
        return situation(Optional.of(new Members(answer, answeredMs)), hints);
    }

    private Situation situation(Optional<Members> known, Hint... hints) {
        return new Situation(
                "n1", state, "member-" + joins, known, Map.copyOf(rates), List.of(hints), new Moment(nowMs, wall()));
    }

    Changes command(Command command) {
        var seen = situation();
        var changes = planner.decide(command, seen, watch.after(seen, planner.settings()));
        apply(changes);
        return changes;
    }

    private void apply(Changes changes) {
        changes.removed().forEach(key -> read(new News.Removed(key)));
        write(changes.written().toArray(MetaRecord[]::new));
        for (var record : changes.written()) {
            if (record instanceof Assignment assignment) {
                decided.add(assignment);
            }
        }
    }

    Hint hint(String node) {
        return new Hint(node, state.node(node).orElseThrow().incarnation(), "n1");
    }

    /** Nodes do what their assignments require. */
    void work() {
        var reports = new ArrayList<MetaRecord>();
        for (var assignment : state.assignments()) {
            if (assignment instanceof Owned owned && acts(owned.owner()) && !hasFailed(owned)) {
                var code = failing.getOrDefault(owned.pchannel(), "");
                var opens = stuck.contains(owned.pchannel()) ? Condition.OPENING : Condition.AVAILABLE;
                status(owned, owned.owner(), code.isEmpty() ? opens : Condition.FAILED, code, 0)
                        .ifPresent(reports::add);
            } else if (assignment instanceof Releasing releasing && acts(releasing.owner())) {
                status(releasing, releasing.owner(), Condition.RELEASED, "", 0).ifPresent(reports::add);
            }
        }
        write(reports.toArray(MetaRecord[]::new));
    }

    /** A term is open at most once. */
    private boolean hasFailed(Owned owned) {
        return state.status(owned.pchannel(), owned.owner().incarnation())
                .filter(status -> status.term() == owned.term() && status.condition() == Condition.FAILED)
                .isPresent();
    }

    void report(Assignment assignment, Owner owner, Condition condition, String code, long servedMs) {
        status(assignment, owner, condition, code, servedMs).ifPresent(this::write);
    }

    /** Returns a report; empty if the process has reported the same before. */
    private Optional<Status> status(
            Assignment assignment, Owner owner, Condition condition, String code, long servedMs) {
        var known = state.status(assignment.pchannel(), owner.incarnation());
        if (known.isPresent()
                && known.get().term() == assignment.term()
                && known.get().condition() == condition) {
            return Optional.empty();
        }
        return Optional.of(new Status(
                assignment.pchannel(),
                owner.incarnation(),
                assignment.term(),
                condition,
                code,
                "",
                -1,
                "",
                servedMs,
                wall()));
    }

    private boolean acts(Owner owner) {
        return members.contains(owner.node())
                && !silent.contains(owner.node())
                && state.node(owner.node())
                        .filter(node -> node.incarnation().equals(owner.incarnation()))
                        .isPresent();
    }

    void pass(Duration time) {
        nowMs += time.toMillis();
    }

    /** Lets time pass; the coordinator observes and the nodes work. */
    void run(Duration time) {
        for (var end = nowMs + time.toMillis(); nowMs < end; ) {
            nowMs += STEP_MS;
            observe();
            work();
        }
    }

    Instant wall() {
        return START.plusMillis(nowMs);
    }

    /** Lets time pass while another node coordinates and has nothing to decide. */
    void follow(Duration time) {
        for (var end = nowMs + time.toMillis(); nowMs < end; ) {
            nowMs += STEP_MS;
            watch = watch.after(situation(Optional.empty()), planner.settings());
        }
    }

    Owned owned(PChannel pchannel) {
        return (Owned) state.assignment(pchannel).orElseThrow();
    }

    String home(PChannel pchannel) {
        return state.assignment(pchannel).map(Assignment::home).orElse("");
    }

    /** Returns how many logs each node owns. */
    Map<String, Integer> loads() {
        var loads = new TreeMap<String, Integer>();
        state.nodes().forEach(node -> loads.put(node.id(), 0));
        for (var assignment : state.assignments()) {
            if (assignment instanceof Owned owned) {
                loads.merge(owned.owner().node(), 1, Integer::sum);
            }
        }
        return loads;
    }

    int load(String node) {
        return loads().getOrDefault(node, 0);
    }

    Map<PChannel, String> homes() {
        var homes = new TreeMap<PChannel, String>();
        state.assignments().forEach(assignment -> homes.put(assignment.pchannel(), assignment.home()));
        return homes;
    }

    /** Returns how many decisions had a reason. */
    long decisions(Reason reason) {
        return decided.stream()
                .filter(assignment -> assignment.note().reason() == reason)
                .count();
    }

    /** Returns how many logs were given to a process. */
    long given() {
        return decided.stream().filter(Owned.class::isInstance).count();
    }

    String waits(PChannel pchannel) {
        return last.waits().getOrDefault(pchannel, "");
    }

    boolean has(MetaKey key) {
        return key.kind() == MetaKey.Kind.SUSPICION
                ? state.suspicions().stream()
                        .anyMatch(suspicion -> suspicion.key().equals(key))
                : state.freezes().stream().anyMatch(freeze -> freeze.key().equals(key));
    }
}
