package io.seawall.node.http.cluster;

import io.seawall.coordinator.member.ClusterView;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The changes that one client has not received yet. The cluster's thread adds them and never waits; the client's thread takes
 * them. A client that falls behind by more than the queue holds gets no more.
 */
final class EventQueue {
    private final ClusterView start;
    private final BlockingQueue<ClusterEvent> events;
    private volatile boolean overflown; // written by the cluster's thread, read by the client's

    /**
     * Creates an empty queue.
     *
     * @param start the view that the changes follow
     * @param most how many changes it holds
     */
    EventQueue(ClusterView start, int most) {
        this.start = start;
        this.events = new ArrayBlockingQueue<>(most);
    }

    /** Returns the view that the changes follow. */
    ClusterView start() {
        return start;
    }

    /** Adds changes; if they do not all fit, this is the end of the queue. Called by one thread at a time. */
    void add(List<ClusterEvent> changes) {
        if (changes.size() > events.remainingCapacity()) {
            overflown = true;
        } else {
            events.addAll(changes);
        }
    }

    /** Returns whether changes were lost because the client was too slow. */
    boolean isOverflown() {
        return overflown;
    }

    /** Returns the next change; null if none comes in time. */
    @Nullable
    ClusterEvent poll(long waitMs) throws InterruptedException {
        return events.poll(waitMs, TimeUnit.MILLISECONDS);
    }
}
