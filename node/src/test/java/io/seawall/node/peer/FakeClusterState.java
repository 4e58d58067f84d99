package io.seawall.node.peer;

import io.seawall.coordinator.Explanation;
import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.wal.PChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** The cluster's state as a node knows it, which the test writes; collects what is reported. Guarded by its monitor. */
public final class FakeClusterState implements Cluster {
    static final Owner SELF = new Owner("n1", "n1-1");

    public final BlockingQueue<Hint> hints = new LinkedBlockingQueue<>();
    public final BlockingQueue<Map<PChannel, Long>> rates = new LinkedBlockingQueue<>();
    private final List<Consumer<ClusterView>> listeners = new ArrayList<>();
    private MetaState state = MetaState.EMPTY;
    private boolean current = true;
    private final Owner self;

    FakeClusterState() {
        this(SELF);
    }

    public FakeClusterState(Owner self) {
        this.self = self;
    }

    synchronized void write(MetaRecord record) {
        news(new News.Written(record));
    }

    synchronized void remove(MetaKey key) {
        news(new News.Removed(key));
    }

    private void news(News news) {
        state = state.after(List.of(news));
        listeners.forEach(listener -> listener.accept(view()));
    }

    synchronized void isCurrent(boolean value) {
        current = value;
        listeners.forEach(listener -> listener.accept(view()));
    }

    public void node(String id, String incarnation, String url) {
        node(id, incarnation, url, "");
    }

    public void node(String id, String incarnation, String url, String peerUrl) {
        write(new MetaRecord.Node(id, incarnation, 0, url, peerUrl, false, Instant.EPOCH));
    }

    public void coordinator(String node, String nonce) {
        write(new MetaRecord.Coordinator(node, node + "-1", nonce, 0, Instant.EPOCH));
    }

    @Override
    public synchronized ClusterView view() {
        return new ClusterView(self, state, current, "follower", false, "member", Optional.empty());
    }

    @Override
    public synchronized void addListener(Consumer<ClusterView> listener) {
        listeners.add(listener);
        listener.accept(view());
    }

    @Override
    public CompletableFuture<Void> command(Command command) {
        throw new UnsupportedOperationException("no commands here");
    }

    @Override
    public Optional<Explanation> explain(PChannel pchannel) {
        throw new UnsupportedOperationException("nothing to explain here");
    }

    @Override
    public void report(MetaRecord.Status status) {
        write(status);
    }

    @Override
    public void suspect(Hint hint) {
        hints.add(hint);
    }

    @Override
    public void rates(Map<PChannel, Long> bytesPerSecond) {
        rates.add(bytesPerSecond);
    }

    @Override
    public void leave() {
        throw new UnsupportedOperationException("nobody leaves here");
    }
}
