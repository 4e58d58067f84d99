package io.seawall.node.http;

import io.seawall.coordinator.Action;
import io.seawall.coordinator.Coordinator;
import io.seawall.coordinator.Explanation;
import io.seawall.coordinator.Observation;
import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Changes;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.PlacementSettings;
import io.seawall.coordinator.placement.Planner;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.coordinator.placement.Situation.Moment;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A cluster in memory: the real decisions of node {@code n1}, with a meta topic whose records come back at once. Time passes by
 * {@link #pass} alone. Guarded by its monitor.
 */
final class FakeCluster implements Cluster {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Owner SELF = new Owner("n1", "n1-1");

    final List<Command> commands = new ArrayList<>();
    final List<Hint> hints = new ArrayList<>();
    private final List<Consumer<ClusterView>> listeners = new ArrayList<>();
    private final Set<String> members = new TreeSet<>();
    private Coordinator coordinator = Coordinator.create(SELF, new Planner(PlacementSettings.DEFAULTS));
    private long elapsedMs;
    private int elections;

    /** What every command fails with; empty if they are decided. */
    Optional<Exception> commandFailure = Optional.empty();

    /** Starts a cluster of these nodes, which {@code n1} coordinates. */
    static FakeCluster of(String... nodes) {
        var cluster = new FakeCluster();
        for (var node : nodes) {
            cluster.join(node, node + "-1");
        }
        cluster.elect();
        return cluster;
    }

    /** A node's process comes. */
    synchronized void join(String node, String incarnation) {
        members.add(node);
        write(new Node(node, incarnation, 0, "http://" + node + ".example:7070", false, wall()));
    }

    /** A node's process dies; the group drops it. */
    synchronized void leave(String node) {
        members.remove(node);
    }

    /** Makes {@code n1} the coordinator. */
    synchronized void elect() {
        take(coordinator.onElected("nonce-" + ++elections));
        pass(0);
    }

    /** Takes that role from {@code n1}; another node may have it. */
    synchronized void depose(Optional<String> successor) {
        take(coordinator.onDeposed());
        successor.ifPresent(
                node -> write(new MetaRecord.Coordinator(node, node + "-1", "nonce-of-" + node, 0, wall())));
    }

    /** Lets time pass; then the coordinator looks, and each owner reports what it was told to do as done. */
    synchronized void pass(long ms) {
        elapsedMs += ms;
        for (var rounds = 0; rounds < 3; rounds++) {
            take(coordinator.onObservation(observation()));
            report();
        }
    }

    /** Adds a topic and places its logs. */
    synchronized void addTopic(String name, int pchannels) {
        take(coordinator.onCommand(new Command.AddTopic(name, pchannels), observation()));
        for (var looks = 0; looks < 10; looks++) {
            pass(1_000);
        }
    }

    /** Writes a record that did not come from this node's coordinator. */
    synchronized void write(MetaRecord record) {
        news(List.of(new News.Written(record)));
    }

    /** Writes records that this node cannot read or that are deletions. */
    synchronized void news(List<News> news) {
        take(coordinator.onNews(news));
    }

    private void report() {
        for (var assignment : coordinator.state().assignments()) {
            if (assignment instanceof Owned owned
                    && members.contains(owned.owner().node())) {
                report(owned.pchannel(), owned.owner(), owned.term(), Condition.AVAILABLE);
            } else if (assignment instanceof Releasing releasing
                    && members.contains(releasing.owner().node())) {
                report(releasing.pchannel(), releasing.owner(), releasing.term(), Condition.RELEASED);
            }
        }
    }

    private void report(PChannel pchannel, Owner owner, long term, Condition condition) {
        var known = coordinator.state().status(pchannel, owner.incarnation());
        var isNews = known.isEmpty()
                || known.get().term() < term
                || (condition == Condition.RELEASED && known.get().condition() != condition);
        if (isNews) {
            write(new Status(pchannel, owner.incarnation(), term, condition, "", "", -1, "", 0, wall()));
        }
    }

    private void take(Coordinator.Step step) {
        coordinator = step.next();
        tell();
        for (var action : step.actions()) {
            if (action instanceof Action.TakeId taking) {
                take(coordinator.onIdTaken(taking.nonce(), now()));
            } else if (action instanceof Action.Write writing) {
                take(coordinator.onNews(news(writing.changes())));
            }
        }
    }

    private static List<News> news(Changes changes) {
        var news = new ArrayList<News>();
        changes.removed().forEach(key -> news.add(new News.Removed(key)));
        changes.written().forEach(record -> news.add(new News.Written(record)));
        return news;
    }

    private Observation observation() {
        return new Observation("member-1", Optional.of(Set.copyOf(members)), Map.of(), List.of(), now());
    }

    private Moment now() {
        return new Moment(elapsedMs, wall());
    }

    private Instant wall() {
        return START.plusMillis(elapsedMs);
    }

    private void tell() {
        var view = view();
        listeners.forEach(listener -> listener.accept(view));
    }

    @Override
    public synchronized ClusterView view() {
        var leading = coordinator.isLeading();
        return new ClusterView(
                SELF,
                coordinator.state(),
                true,
                coordinator.role(),
                leading,
                "member-1",
                leading ? Optional.of(Set.copyOf(members)) : Optional.empty());
    }

    @Override
    public synchronized void addListener(Consumer<ClusterView> listener) {
        listeners.add(listener);
        listener.accept(view());
    }

    @Override
    public synchronized CompletableFuture<Void> command(Command command) {
        if (commandFailure.isPresent()) {
            return CompletableFuture.failedFuture(commandFailure.get());
        }
        try {
            take(coordinator.onCommand(command, observation()));
        } catch (WalException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        commands.add(command);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized Optional<Explanation> explain(PChannel pchannel) {
        return coordinator.explain(pchannel);
    }

    @Override
    public void report(Status status) {
        write(status);
    }

    @Override
    public synchronized void suspect(Hint hint) {
        hints.add(hint);
    }

    @Override
    public void rates(Map<PChannel, Long> bytesPerSecond) {
        throw new UnsupportedOperationException("HTTP reports no rates");
    }

    @Override
    public void leave() {
        throw new UnsupportedOperationException("HTTP does not end the node");
    }
}
