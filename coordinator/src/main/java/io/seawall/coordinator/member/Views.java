package io.seawall.coordinator.member;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The present view, and those that listen to it. Only {@link #latest} may be called by any thread. */
final class Views {
    private static final Logger LOG = LoggerFactory.getLogger(Views.class);

    private final List<Consumer<ClusterView>> listeners = new ArrayList<>();
    /** Written by the executor's tasks, read by every thread. */
    private volatile ClusterView latest;

    Views(ClusterView first) {
        latest = first;
    }

    ClusterView latest() {
        return latest;
    }

    void add(Consumer<ClusterView> listener) {
        listeners.add(listener);
        show(listener, latest);
    }

    void publish(ClusterView next) {
        var before = latest;
        latest = next;
        if (isNews(before, next)) {
            listeners.forEach(listener -> show(listener, next));
        }
    }

    @SuppressWarnings("ReferenceEquality") // Each batch of news makes another state; comparing all records costs more.
    private static boolean isNews(ClusterView before, ClusterView next) {
        return before.state() != next.state()
                || before.current() != next.current()
                || !before.role().equals(next.role())
                || !before.memberId().equals(next.memberId());
    }

    private static void show(Consumer<ClusterView> listener, ClusterView view) {
        try {
            listener.accept(view);
        } catch (RuntimeException error) {
            LOG.atError()
                    .setCause(error)
                    .addKeyValue("node", view.self().node())
                    .log("a listener of the cluster's state failed");
        }
    }
}
