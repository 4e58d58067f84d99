package io.seawall.node.cluster;

import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.placement.Command;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the cluster's topics those of Kafka, on the node that coordinates; on the others it only waits for what that node does.
 *
 * <p>A topic that is deleted through the coordinator leaves the cluster first, so that its logs close before it is gone. Through
 * another node it is deleted first, its logs end with NOT_FOUND, and it leaves the cluster a moment later (decision 72).
 * Thread-safe; only {@link #check} blocks.
 */
public final class ClusterTopics {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterTopics.class);

    /** Brokers may list a topic for a moment after it was deleted. */
    private static final Duration LISTED_AFTER_DELETE = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final ViewWaits waits;
    private final Supplier<List<Topic>> list;
    private final LongSupplier nanoTime;
    /** Topics that are being deleted, or were a moment ago; at most one for each request. */
    private final Map<String, Deletion> deletions = new ConcurrentHashMap<>();
    /** The commands that were not answered yet; at most a few for each topic. */
    private final Map<Command, CompletableFuture<Void>> asked = new ConcurrentHashMap<>();

    private TopicSightings sightings = TopicSightings.NONE; // used by check's thread only
    private boolean unlisted; // used by check's thread only

    /**
     * A topic that is not to be added to the cluster.
     *
     * @param done whether Kafka has deleted it
     * @param sinceNanos since when
     */
    private record Deletion(boolean done, long sinceNanos) {}

    /**
     * Creates an instance.
     *
     * @param cluster the cluster
     * @param waits waits for the cluster's views
     * @param list lists Kafka's topics; blocks, and throws a {@link WalException} if Kafka does not answer
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public ClusterTopics(Cluster cluster, ViewWaits waits, Supplier<List<Topic>> list, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.waits = waits;
        this.list = list;
        this.nanoTime = nanoTime;
    }

    /** Compares Kafka's topics with the cluster's, if this node coordinates, and asks for what differs. One thread calls it. */
    public void check() {
        if (!cluster.view().leading()) {
            sightings = TopicSightings.NONE; // a later term as the coordinator begins anew
            return;
        }
        try {
            compare(list.get());
            unlisted = false;
        } catch (WalException unavailable) {
            (unlisted ? LOG.atDebug() : LOG.atWarn())
                    .addKeyValue("error", unavailable.getMessage())
                    .log("cannot list the topics; will retry");
            unlisted = true;
        }
    }

    private void compare(List<Topic> listed) {
        var view = cluster.view();
        if (!view.leading()) {
            return;
        }
        var step = sightings.after(listed, view.state(), deleting(listed), nanoTime.getAsLong());
        sightings = step.next();
        for (var command : step.commands()) {
            var unused = ask(command); // a refusal is logged there
        }
    }

    private Set<String> deleting(List<Topic> listed) {
        var names = new TreeSet<String>();
        listed.forEach(topic -> names.add(topic.name()));
        var nowNanos = nanoTime.getAsLong();
        deletions
                .entrySet()
                .removeIf(entry -> entry.getValue().done()
                        && (!names.contains(entry.getKey())
                                || nowNanos - entry.getValue().sinceNanos() >= LISTED_AFTER_DELETE.toNanos()));
        return Set.copyOf(deletions.keySet());
    }

    private CompletableFuture<Void> ask(Command command) {
        var before = asked.get(command);
        if (before != null && !before.isDone()) {
            return before;
        }
        var answer = cluster.command(command);
        asked.put(command, answer);
        return answer.whenComplete((done, error) -> {
            asked.remove(command, answer);
            if (error != null) {
                LOG.atInfo()
                        .addKeyValue("command", command)
                        .addKeyValue("error", FutureErrors.unwrapped(error).getMessage())
                        .log("the coordinator did not take the change of a topic; will retry");
            }
        });
    }

    /**
     * Adds a topic that was created, or has grown, and waits for its logs.
     *
     * @return completes when each of its logs is open at its owner or in quarantine; the caller bounds the wait
     */
    public CompletableFuture<Void> added(String topic, int pchannels) {
        deletions.remove(topic);
        if (cluster.view().leading()) {
            var unused = ask(new Command.AddTopic(topic, pchannels)); // if it fails, the next check asks again
        }
        return waits.until(view -> isOpen(view.state(), topic, pchannels));
    }

    private static boolean isOpen(MetaState state, String topic, int pchannels) {
        if (state.topic(topic).filter(known -> known.pchannels() >= pchannels).isEmpty()) {
            return false;
        }
        for (var partition = 0; partition < pchannels; partition++) {
            if (!isOpen(state, new PChannel(topic, partition))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOpen(MetaState state, PChannel pchannel) {
        return state.assignment(pchannel)
                .filter(assignment -> assignment.phase() == Phase.QUARANTINED
                        || (assignment.phase() == Phase.OWNED && isAvailable(state, assignment)))
                .isPresent();
    }

    private static boolean isAvailable(MetaState state, Assignment assignment) {
        return state.report(assignment)
                .filter(status -> status.condition() == Condition.AVAILABLE)
                .isPresent();
    }

    /**
     * Removes a topic from the cluster that is about to be deleted, if this node coordinates.
     *
     * @return completes when no process is to have a log of it open; at once if this node does not coordinate
     */
    public CompletableFuture<Void> deleting(String topic) {
        if (!cluster.view().leading()) {
            return CompletableFuture.completedFuture(null);
        }
        deletions.put(topic, new Deletion(false, nanoTime.getAsLong()));
        return ask(new Command.RemoveTopic(topic)).thenCompose(removed -> waits.until(view -> isGone(view, topic)));
    }

    /**
     * Learns how the deletion in Kafka ended.
     *
     * @param deleted whether the topic is deleted; otherwise its logs open again
     * @return completes when the topic is not in the cluster any more; at once if it was not deleted
     */
    public CompletableFuture<Void> deleted(String topic, boolean deleted) {
        if (!deleted) {
            deletions.remove(topic);
            return CompletableFuture.completedFuture(null);
        }
        deletions.computeIfPresent(topic, (name, deletion) -> new Deletion(true, nanoTime.getAsLong()));
        return waits.until(view -> isGone(view, topic));
    }

    private static boolean isGone(ClusterView view, String topic) {
        return view.state().topic(topic).isEmpty()
                && view.state().assignments().stream()
                        .filter(assignment -> assignment.pchannel().topic().equals(topic))
                        .allMatch(assignment -> assignment.phase() == Phase.RETIRED);
    }
}
