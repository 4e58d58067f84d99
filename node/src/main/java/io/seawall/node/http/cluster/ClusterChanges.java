package io.seawall.node.http.cluster;

import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.node.http.cluster.ClusterJson.Item;
import io.seawall.node.http.json.JsonStreams;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Says what changed between two views, as events. For one thread. */
final class ClusterChanges {
    private final ClusterView before;
    private final ClusterView after;
    private final List<ClusterEvent> events = new ArrayList<>();

    private ClusterChanges(ClusterView before, ClusterView after) {
        this.before = before;
        this.after = after;
    }

    /**
     * Returns the changes: of the coordinator, then of nodes, then of what operators ordered, then of logs.
     *
     * @param since when the coordinator of {@code after} began; empty if this node does not know
     */
    static List<ClusterEvent> between(ClusterView before, ClusterView after, Optional<Instant> since) {
        var changes = new ClusterChanges(before, after);
        changes.coordinator(since);
        changes.nodes();
        changes.orders(
                "drain",
                MetaState::drains,
                (json, key) -> json.writeStringField("node", key.subject()),
                ClusterJson::writeDrain);
        changes.orders("freeze", MetaState::freezes, ClusterJson::writeScope, ClusterJson::writeFreeze);
        changes.orders(
                "pin",
                MetaState::pins,
                (json, key) -> json.writeStringField("pchannel", key.subject()),
                ClusterJson::writePin);
        changes.logs();
        return changes.events;
    }

    private void add(String name, JsonStreams.Body data) {
        events.add(ClusterEvent.of(name, data));
    }

    /** Each decision writes the coordinator's record, so a higher number of decisions alone is no change. */
    private void coordinator(Optional<Instant> since) {
        var then = Coordinating.of(before);
        var now = Coordinating.of(after);
        var isSame = now.map(Coordinating::nonce).equals(then.map(Coordinating::nonce))
                && now.map(Coordinating::url).equals(then.map(Coordinating::url));
        if (!isSame) {
            add("coordinator", json -> {
                json.writeStartObject();
                json.writeFieldName("coordinator");
                ClusterJson.writeCoordinator(json, now, since);
                json.writeEndObject();
            });
        }
    }

    private void nodes() {
        var then = NodeFacts.of(before);
        var now = NodeFacts.of(after);
        now.forEach((id, node) -> {
            if (!node.equals(then.get(id))) {
                add("node", json -> ClusterJson.writeNode(json, node));
            }
        });
        then.keySet().stream()
                .filter(id -> !now.containsKey(id))
                .forEach(id -> ended("node", json -> json.writeStringField("node", id)));
    }

    private <R extends MetaRecord> void orders(
            String name, Function<MetaState, List<R>> list, Item<MetaKey> subject, Item<R> item) {
        var then = byKey(list.apply(before.state()));
        var now = byKey(list.apply(after.state()));
        now.forEach((key, order) -> {
            if (!order.equals(then.get(key))) {
                add(name, json -> item.write(json, order));
            }
        });
        then.keySet().stream()
                .filter(key -> !now.containsKey(key))
                .forEach(key -> ended(name, json -> subject.write(json, key)));
    }

    private static <R extends MetaRecord> SortedMap<MetaKey, R> byKey(List<R> orders) {
        var byKey = new TreeMap<MetaKey, R>();
        orders.forEach(order -> byKey.put(order.key(), order));
        return byKey;
    }

    private void ended(String name, JsonStreams.Body subject) {
        add(name, json -> {
            json.writeStartObject();
            subject.write(json);
            json.writeBooleanField("ended", true);
            json.writeEndObject();
        });
    }

    private void logs() {
        for (var assignment : after.state().assignments()) {
            var now = LogFacts.of(assignment, after.state());
            var then =
                    before.state().assignment(assignment.pchannel()).map(known -> LogFacts.of(known, before.state()));
            if (then.filter(now::equals).isEmpty()) {
                add("assignment", json -> ClusterJson.writeLog(json, now));
            }
        }
    }
}
