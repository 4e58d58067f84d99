package io.seawall.node.cluster;

import io.seawall.coordinator.Explanation;
import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Note;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Quarantined;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.Assignment.Retired;
import io.seawall.coordinator.meta.Assignment.Unowned;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.meta.Reason;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.wal.PChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A cluster whose state the test writes. Reports are kept and not written to the state. Guarded by its monitor. */
public final class StubCluster implements Cluster {
    public static final Owner SELF = new Owner("n1", "n1-a");
    public static final Owner OTHER = new Owner("n2", "n2-a");

    final List<Status> reports = new CopyOnWriteArrayList<>();
    final List<Command> commands = new CopyOnWriteArrayList<>();
    private final List<Consumer<ClusterView>> listeners = new ArrayList<>();
    private MetaState state = MetaState.EMPTY;
    private boolean current = true;
    private boolean leading;
    private String memberId = "member-1";
    private Optional<Set<String>> members = Optional.empty();
    private CompletableFuture<Void> answer = CompletableFuture.completedFuture(null);
    private boolean left;

    static Note note(Reason reason) {
        return new Note(reason, "why", Instant.EPOCH);
    }

    public static Owned owned(PChannel pchannel, long term, Owner owner) {
        return new Owned(pchannel, term, owner, 0, note(Reason.NEW));
    }

    static Releasing releasing(PChannel pchannel, long term, Owner owner) {
        return new Releasing(pchannel, term, owner, "n3", note(Reason.BALANCE_COUNT));
    }

    static Unowned unowned(PChannel pchannel, long term) {
        return new Unowned(pchannel, term, "n1", note(Reason.OWNER_GONE));
    }

    public static Quarantined quarantined(PChannel pchannel, long term, String code) {
        return new Quarantined(pchannel, term, "n1", code, note(Reason.QUARANTINED));
    }

    static Assignment retired(PChannel pchannel, long term) {
        return new Retired(pchannel, term, note(Reason.TOPIC_GONE));
    }

    public static Node node(Owner owner) {
        return new Node(
                owner.node(), owner.incarnation(), 0, "http://" + owner.node() + ".example", false, Instant.EPOCH);
    }

    static Status status(PChannel pchannel, Owner owner, long term, Condition condition) {
        return new Status(pchannel, owner.incarnation(), term, condition, "", "", -1, "", 0, Instant.EPOCH);
    }

    static MetaRecord.Coordinator coordinator(Owner owner) {
        return new MetaRecord.Coordinator(owner.node(), owner.incarnation(), "nonce", 0, Instant.EPOCH);
    }

    /** Records are read. */
    public synchronized StubCluster read(MetaRecord... records) {
        var news = new ArrayList<News>();
        for (var each : records) {
            news.add(new News.Written(each));
        }
        state = state.after(news);
        tell();
        return this;
    }

    /** The deletion of a record is read. */
    synchronized void readWithout(MetaKey key) {
        state = state.after(List.of(new News.Removed(key)));
        tell();
    }

    /** A record is read that this version does not understand. */
    synchronized void readUnreadable(MetaKey key) {
        state = state.after(List.of(new News.Unreadable(key, "of a later version")));
        tell();
    }

    synchronized void current(boolean value) {
        current = value;
        tell();
    }

    /** Sets whether this node coordinates, and the group's members then. */
    synchronized void leads(String... nodes) {
        leading = nodes.length > 0;
        members = leading ? Optional.of(Set.of(nodes)) : Optional.empty();
        tell();
    }

    /** Sets this process's member id; empty if the group does not have it. */
    synchronized void member(String id) {
        memberId = id;
        tell();
    }

    /** Sets what becomes of the commands from now on. */
    synchronized void answers(CompletableFuture<Void> value) {
        answer = value;
    }

    /** Makes this node the coordinator, and fails its commands. */
    public synchronized StubCluster leading(Throwable failure) {
        answers(CompletableFuture.failedFuture(failure));
        leads(SELF.node());
        return this;
    }

    public List<Command> commands() {
        return List.copyOf(commands);
    }

    synchronized boolean hasLeft() {
        return left;
    }

    private void tell() {
        var view = view();
        listeners.forEach(listener -> listener.accept(view));
    }

    @Override
    public synchronized ClusterView view() {
        var role = leading ? "leading" : "follower";
        return new ClusterView(SELF, state, current, role, leading, memberId, members);
    }

    @Override
    public synchronized void addListener(Consumer<ClusterView> listener) {
        listeners.add(listener);
        listener.accept(view());
    }

    @Override
    public synchronized CompletableFuture<Void> command(Command command) {
        commands.add(command);
        return answer;
    }

    @Override
    public Optional<Explanation> explain(PChannel pchannel) {
        return Optional.empty();
    }

    @Override
    public void report(Status status) {
        reports.add(status);
    }

    @Override
    public void suspect(Hint hint) {
        throw new UnsupportedOperationException("nothing here reports hints");
    }

    @Override
    public void rates(Map<PChannel, Long> bytesPerSecond) {
        throw new UnsupportedOperationException("nothing here reports rates");
    }

    @Override
    public synchronized void leave() {
        left = true;
    }
}
