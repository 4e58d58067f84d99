package io.seawall.coordinator.meta;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaRecord.Coordinator;
import io.seawall.coordinator.meta.MetaRecord.Drain;
import io.seawall.coordinator.meta.MetaRecord.Freeze;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Pin;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.wal.PChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's state: the last record of each key. So it is the same from the whole topic and from the compacted one, whatever
 * of the earlier records is left. Immutable.
 *
 * <p>A record that this version cannot read hides the earlier ones of its key; {@link #isUnreadable} tells it from a key that is
 * gone. Decisions leave alone what such a record is about.
 */
public final class MetaState {
    /** The state before the first record. */
    public static final MetaState EMPTY = new MetaState(new TreeMap<>(), new TreeMap<>());

    private final SortedMap<MetaKey, MetaRecord> records;
    private final SortedMap<MetaKey, String> unreadable;
    /** Made at the first use. Two threads may both make it; the two are the same. */
    private @Nullable Index index;

    /** The records that decisions look up for each log, by log. */
    private record Index(
            SortedSet<PChannel> pchannels,
            Map<PChannel, Assignment> assignments,
            Map<PChannel, List<Status>> statuses) {}

    private MetaState(SortedMap<MetaKey, MetaRecord> records, SortedMap<MetaKey, String> unreadable) {
        this.records = records;
        this.unreadable = unreadable;
    }

    /**
     * Returns the state after more records.
     *
     * @param news the records, in the topic's order
     * @return the next state
     */
    public MetaState after(Collection<? extends News> news) {
        if (news.isEmpty()) {
            return this;
        }
        var next = new MetaState(new TreeMap<>(records), new TreeMap<>(unreadable));
        news.forEach(next::apply);
        return next;
    }

    private void apply(News news) {
        records.remove(news.key());
        unreadable.remove(news.key());
        if (news instanceof News.Written written) {
            records.put(news.key(), written.value());
        } else if (news instanceof News.Unreadable bad) {
            unreadable.put(news.key(), bad.why());
        }
    }

    /** Returns the last record of a coordinator. */
    public Optional<Coordinator> coordinator() {
        return find(MetaKey.coordinator(), Coordinator.class);
    }

    /** Returns a topic. */
    public Optional<Topic> topic(String name) {
        return find(MetaKey.topic(name), Topic.class);
    }

    /** Returns all topics. */
    public List<Topic> topics() {
        return all(MetaKey.Kind.TOPIC, Topic.class);
    }

    /**
     * Returns the pchannels of all topics, in order. Of a topic whose record this version cannot read, those are known that
     * have an assignment.
     */
    public SortedSet<PChannel> pchannels() {
        return index().pchannels();
    }

    private Index index() {
        var known = index;
        if (known == null) {
            known = makeIndex();
            index = known;
        }
        return known;
    }

    private Index makeIndex() {
        var pchannels = new TreeSet<PChannel>();
        for (var topic : topics()) {
            for (var partition = 0; partition < topic.pchannels(); partition++) {
                pchannels.add(new PChannel(topic.name(), partition));
            }
        }
        var assignments = new HashMap<PChannel, Assignment>();
        for (var assignment : assignments()) {
            assignments.put(assignment.pchannel(), assignment);
            if (isUnreadable(MetaKey.topic(assignment.pchannel().topic()))) {
                pchannels.add(assignment.pchannel());
            }
        }
        var statuses = new HashMap<PChannel, List<Status>>();
        for (var status : statuses()) {
            statuses.computeIfAbsent(status.pchannel(), pchannel -> new ArrayList<>())
                    .add(status);
        }
        return new Index(Collections.unmodifiableSortedSet(pchannels), assignments, statuses);
    }

    /** Returns the assignment of a log. */
    public Optional<Assignment> assignment(PChannel pchannel) {
        return Optional.ofNullable(index().assignments().get(pchannel));
    }

    /** Returns all assignments. */
    public List<Assignment> assignments() {
        return all(MetaKey.Kind.ASSIGNMENT, Assignment.class);
    }

    /** Returns what a node announced last. */
    public Optional<Node> node(String id) {
        return find(MetaKey.node(id), Node.class);
    }

    /** Returns what a process announced; empty if its node has announced another one since, or nothing. */
    public Optional<Node> node(Owner process) {
        return node(process.node()).filter(node -> node.incarnation().equals(process.incarnation()));
    }

    /** Returns what all nodes announced last. */
    public List<Node> nodes() {
        return all(MetaKey.Kind.NODE, Node.class);
    }

    /** Returns the suspicion of a node if it is about the process that the node announced last. */
    public Optional<Suspicion> suspicion(String node) {
        return find(MetaKey.suspicion(node), Suspicion.class)
                .filter(suspicion -> node(node).filter(suspicion::isAbout).isPresent());
    }

    /** Returns all suspicions, those included that are over. */
    public List<Suspicion> suspicions() {
        return all(MetaKey.Kind.SUSPICION, Suspicion.class);
    }

    /** Returns the drain of a node. */
    public Optional<Drain> drain(String node) {
        return find(MetaKey.drain(node), Drain.class);
    }

    /** Returns all drains. */
    public List<Drain> drains() {
        return all(MetaKey.Kind.DRAIN, Drain.class);
    }

    /** Returns the pin of a log. */
    public Optional<Pin> pin(PChannel pchannel) {
        return find(MetaKey.pin(pchannel), Pin.class);
    }

    /** Returns all pins. */
    public List<Pin> pins() {
        return all(MetaKey.Kind.PIN, Pin.class);
    }

    /** Returns a freeze that is not over. */
    public Optional<Freeze> freeze(MetaKey scope, Instant now) {
        return find(scope, Freeze.class).filter(freeze -> !freeze.isOver(now));
    }

    /** Returns all freezes, those included that are over. */
    public List<Freeze> freezes() {
        return all(MetaKey.Kind.FREEZE, Freeze.class);
    }

    /** Returns what a process reports about a log. */
    public Optional<Status> status(PChannel pchannel, String incarnation) {
        return statuses(pchannel).stream()
                .filter(status -> status.incarnation().equals(incarnation))
                .findFirst();
    }

    /** Returns what the process of an assignment reports about its term; empty if it has not reported about that yet. */
    public Optional<Status> report(Assignment assignment) {
        return assignment
                .process()
                .flatMap(process -> status(assignment.pchannel(), process.incarnation()))
                .filter(status -> status.term() == assignment.term());
    }

    /** Returns what all processes report about a log. */
    public List<Status> statuses(PChannel pchannel) {
        return Collections.unmodifiableList(index().statuses().getOrDefault(pchannel, List.of()));
    }

    /** Returns all reports. */
    public List<Status> statuses() {
        return all(MetaKey.Kind.STATUS, Status.class);
    }

    /** Returns whether a key has a record, readable or not. */
    public boolean contains(MetaKey key) {
        return records.containsKey(key) || isUnreadable(key);
    }

    /** Returns whether the last record of a key is one that this version cannot read. */
    public boolean isUnreadable(MetaKey key) {
        return unreadable.containsKey(key);
    }

    /** Returns the keys whose last records this version cannot read, and why. */
    public SortedMap<MetaKey, String> unreadable() {
        return Collections.unmodifiableSortedMap(unreadable);
    }

    private <R extends MetaRecord> Optional<R> find(MetaKey key, Class<R> type) {
        return Optional.ofNullable(records.get(key)).map(type::cast);
    }

    private <R extends MetaRecord> List<R> all(MetaKey.Kind kind, Class<R> type) {
        var all = new ArrayList<R>();
        for (var entry : records.tailMap(new MetaKey(kind, "")).entrySet()) {
            if (entry.getKey().kind() != kind) {
                break;
            }
            all.add(type.cast(entry.getValue()));
        }
        return all;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MetaState state && records.equals(state.records) && unreadable.equals(state.unreadable);
    }

    @Override
    public int hashCode() {
        return 31 * records.hashCode() + unreadable.hashCode();
    }

    @Override
    public String toString() {
        return "MetaState" + records.values() + (unreadable.isEmpty() ? "" : " without " + unreadable);
    }
}
