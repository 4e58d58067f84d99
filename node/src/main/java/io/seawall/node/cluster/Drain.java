package io.seawall.node.cluster;

import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands over this node's logs before its process ends. Until then the node goes on serving and redirecting (decision 74).
 * Thread-safe; only
 * {@link #run} blocks.
 */
public final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private final Cluster cluster;
    private final ViewWaits waits;
    private final Duration longest;
    private final Duration linger;
    private final CompletableFuture<Void> hurried = new CompletableFuture<>();

    /**
     * Creates a drain that has not begun.
     *
     * @param cluster the cluster
     * @param waits waits for the cluster's views
     * @param longest how long it may take; 0 to hand over nothing
     * @param linger how long the node goes on serving once it has handed over its logs, because nodes that have not read that yet
     *     still send clients here
     */
    public Drain(Cluster cluster, ViewWaits waits, Duration longest, Duration linger) {
        this.cluster = cluster;
        this.waits = waits;
        this.longest = longest;
        this.linger = linger;
    }

    /**
     * Announces that this process is about to end, and waits until it has no log, no other node could take one, the time is
     * over, {@link #hurry} is called, or the thread is interrupted, whose flag is then set.
     */
    public void run() {
        cluster.leave();
        if (isOver(cluster.view())) {
            return;
        }
        LOG.atInfo()
                .addKeyValue("pchannels", logsOf(cluster.view()).size())
                .addKeyValue("longestMs", longest.toMillis())
                .log("hands over its pchannels before it stops");
        var over = waits.until(Drain::isOver);
        if (await(CompletableFuture.anyOf(over, hurried), longest) && !hurried.isDone()) {
            await(hurried, linger);
        }
        over.cancel(false);
        var left = logsOf(cluster.view());
        (left.isEmpty() ? LOG.atInfo() : LOG.atWarn())
                .addKeyValue("left", left)
                .log(
                        left.isEmpty()
                                ? "handed over every pchannel"
                                : "stops before every pchannel was handed over; other nodes take the rest once it is gone");
    }

    /** Returns whether something ended in time. */
    private static boolean await(CompletableFuture<?> end, Duration limit) {
        try {
            end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("a wait for a view cannot fail", impossible);
        }
    }

    /** Ends the waiting. */
    public void hurry() {
        hurried.complete(null);
    }

    private static boolean isOver(ClusterView view) {
        return logsOf(view).isEmpty() || !anotherCouldTakeLogs(view);
    }

    private static List<PChannel> logsOf(ClusterView view) {
        return view.state().assignments().stream()
                .filter(assignment ->
                        assignment.process().filter(view.self()::equals).isPresent())
                .map(Assignment::pchannel)
                .toList();
    }

    /** Returns whether some node may take logs; one that is gone counts, unless this node knows the group's members. */
    private static boolean anotherCouldTakeLogs(ClusterView view) {
        var state = view.state();
        return state.nodes().stream()
                .filter(node -> !node.id().equals(view.self().node()))
                .filter(node -> !node.leaving())
                .filter(node -> state.suspicion(node.id()).isEmpty())
                .filter(node -> state.drain(node.id()).isEmpty())
                .anyMatch(
                        node -> view.members().isEmpty() || view.members().get().contains(node.id()));
    }
}
