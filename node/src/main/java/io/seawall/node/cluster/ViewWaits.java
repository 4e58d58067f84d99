package io.seawall.node.cluster;

import io.seawall.coordinator.member.ClusterView;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for views of the cluster. Thread-safe; nothing blocks. */
public final class ViewWaits implements Consumer<ClusterView> {
    private final Supplier<ClusterView> now;
    /** Bounded by the callers: each waits for a bounded time, and there are as many as requests that may wait. */
    private final Queue<Wait> waits = new ConcurrentLinkedQueue<>();

    private record Wait(Predicate<ClusterView> goal, CompletableFuture<Void> done) {}

    /**
     * Creates an instance without waits. To be added to the cluster as a listener.
     *
     * @param now returns the present view
     */
    public ViewWaits(Supplier<ClusterView> now) {
        this.now = now;
    }

    /**
     * Waits for a view.
     *
     * @param goal what to wait for; must not block
     * @return completes at the first view that meets the goal, maybe on the cluster's thread, so that continuations must not
     *     block. A caller that gives up completes it by itself
     */
    public CompletableFuture<Void> until(Predicate<ClusterView> goal) {
        var wait = new Wait(goal, new CompletableFuture<>());
        var unused = wait.done().whenComplete((done, error) -> waits.remove(wait));
        waits.add(wait);
        // A view that came before the wait was added is the present one or an earlier one.
        check(wait, now.get());
        return wait.done();
    }

    @Override
    public void accept(ClusterView view) {
        waits.forEach(wait -> check(wait, view));
    }

    private static void check(Wait wait, ClusterView view) {
        if (wait.goal().test(view)) {
            wait.done().complete(null);
        }
    }
}
