package io.seawall.node.http.cluster;

import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.MetaRecord.Coordinator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the cluster and gives each client of events the changes. {@link #onView} is called by the cluster's thread, in order;
 * the other methods by any thread. Guarded by its monitor, under which nothing waits.
 */
final class ClusterFeed {
    /** More than a decision about all logs of a large cluster, so that it alone ends no client. */
    static final int MOST_EVENTS = 8_192;

    private final List<EventQueue> clients = new ArrayList<>();
    private @Nullable ClusterView latest;
    private String nonce = "";
    private Optional<Instant> since = Optional.empty();

    /** The cluster's state, or this node's role, changed. */
    synchronized void onView(ClusterView next) {
        next.state().coordinator().ifPresent(this::onCoordinator);
        var before = latest;
        latest = next;
        if (before != null && !clients.isEmpty()) {
            var changes = ClusterChanges.between(before, next, since);
            clients.forEach(client -> client.add(changes));
            clients.removeIf(EventQueue::isOverflown);
        }
    }

    /**
     * Notes when a coordinator began: its first record says so. If this node did not read that one, it knows only if it followed
     * the cluster meanwhile.
     */
    private void onCoordinator(Coordinator written) {
        if (!written.nonce().equals(nonce)) {
            var followed = latest != null && latest.current();
            nonce = written.nonce();
            since = written.decision() == 0 || followed ? Optional.of(written.at()) : Optional.empty();
        }
    }

    /** Returns when the coordinator that a view shows began; empty if this node does not know. */
    synchronized Optional<Instant> since(ClusterView view) {
        return view.state()
                .coordinator()
                .filter(last -> last.nonce().equals(nonce))
                .flatMap(last -> since);
    }

    /** Begins to collect the changes for a client. */
    synchronized EventQueue subscribe() {
        var view = latest;
        if (view == null) {
            throw new IllegalStateException("the cluster gave no view");
        }
        var client = new EventQueue(view, MOST_EVENTS);
        clients.add(client);
        return client;
    }

    synchronized void unsubscribe(EventQueue client) {
        clients.remove(client);
    }

    /** Returns how many clients follow. */
    synchronized int clients() {
        return clients.size();
    }
}
