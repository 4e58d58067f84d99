package io.seawall.node.http.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Drain;
import io.seawall.coordinator.meta.MetaRecord.Freeze;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Pin;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes what a node knows about the cluster; unknown values are null. Constants are in lower case with hyphens. */
final class ClusterJson {
    private ClusterJson() {}

    /** Writes one value of a list. */
    @FunctionalInterface
    interface Item<T> {
        void write(JsonGenerator json, T value) throws IOException;
    }

    /**
     * Writes the cluster.
     *
     * @param since when the present coordinator began; empty if this node does not know
     * @param withLogs whether to list every log
     */
    static void write(JsonGenerator json, ClusterView view, Optional<Instant> since, boolean withLogs)
            throws IOException {
        var state = view.state();
        var logs = LogFacts.of(state);
        json.writeStartObject();
        writeSelf(json, view);
        json.writeFieldName("coordinator");
        writeCoordinator(json, Coordinating.of(view), since);
        json.writeFieldName("members");
        writeMembers(json, view);
        var loads = NodeLoad.of(logs);
        array(
                json,
                "nodes",
                NodeFacts.of(view).values(),
                (to, node) -> writeNode(to, node, loads.getOrDefault(node.id(), NodeLoad.NONE)));
        json.writeNumberField("topics", state.topics().size());
        writeCounts(json, logs);
        array(json, "moves", logs.stream().filter(LogFacts::isMoving).toList(), ClusterJson::writeLog);
        array(json, "quarantined", ofPhase(logs, Phase.QUARANTINED), ClusterJson::writeLog);
        array(json, "drains", state.drains(), ClusterJson::writeDrain);
        array(json, "freezes", state.freezes(), ClusterJson::writeFreeze);
        array(json, "pins", state.pins(), ClusterJson::writePin);
        array(json, "unreadable", state.unreadable().entrySet(), (to, entry) -> {
            to.writeStartObject();
            to.writeStringField("key", entry.getKey().toString());
            to.writeStringField("why", entry.getValue());
            to.writeEndObject();
        });
        if (withLogs) {
            array(json, "pchannels", logs, ClusterJson::writeLog);
        }
        json.writeEndObject();
    }

    private static void writeSelf(JsonGenerator json, ClusterView view) throws IOException {
        json.writeStringField("node", view.self().node());
        json.writeStringField("incarnation", view.self().incarnation());
        text(json, "memberId", view.memberId());
        json.writeStringField("role", view.role());
        json.writeBooleanField("current", view.current());
    }

    private static void writeMembers(JsonGenerator json, ClusterView view) throws IOException {
        if (view.members().isEmpty()) {
            json.writeNull();
            return;
        }
        json.writeStartArray();
        for (var member : view.members().get().stream().sorted().toList()) {
            json.writeString(member);
        }
        json.writeEndArray();
    }

    private static void writeCounts(JsonGenerator json, List<LogFacts> logs) throws IOException {
        json.writeObjectFieldStart("logs");
        json.writeNumberField("all", logs.size());
        for (var phase : Arrays.asList(Phase.UNOWNED, Phase.OWNED, Phase.RELEASING, Phase.QUARANTINED)) {
            json.writeNumberField(text(phase), ofPhase(logs, phase).size());
        }
        json.writeNumberField("open", logs.stream().filter(LogFacts::isOpen).count());
        json.writeEndObject();
    }

    private static List<LogFacts> ofPhase(List<LogFacts> logs, Phase phase) {
        return logs.stream().filter(log -> log.phase() == phase).toList();
    }

    /** Writes the coordinator, or null. */
    static void writeCoordinator(JsonGenerator json, Optional<Coordinating> known, Optional<Instant> since)
            throws IOException {
        if (known.isEmpty()) {
            json.writeNull();
            return;
        }
        var coordinating = known.get();
        json.writeStartObject();
        json.writeStringField("node", coordinating.node());
        text(json, "url", coordinating.url());
        time(json, "since", since);
        json.writeNumberField("decisions", coordinating.decision());
        time(json, "decidedAt", Optional.of(coordinating.decidedAt()));
        json.writeEndObject();
    }

    static void writeNode(JsonGenerator json, NodeFacts node, NodeLoad load) throws IOException {
        json.writeStartObject();
        writeFacts(json, node);
        json.writeObjectFieldStart("logs");
        json.writeNumberField("owned", load.owned());
        json.writeNumberField("open", load.open());
        json.writeNumberField("releasing", load.releasing());
        json.writeEndObject();
        json.writeNumberField("movesTo", load.movesTo());
        json.writeNumberField("movesFrom", load.movesFrom());
        json.writeEndObject();
    }

    /** Writes a node without what changes with each of its logs. */
    static void writeNode(JsonGenerator json, NodeFacts node) throws IOException {
        json.writeStartObject();
        writeFacts(json, node);
        json.writeEndObject();
    }

    private static void writeFacts(JsonGenerator json, NodeFacts node) throws IOException {
        json.writeStringField("node", node.id());
        json.writeStringField("state", text(node.state()));
        text(json, "url", node.announced().map(Node::url).orElse(""));
        text(json, "grpc", node.announced().map(Node::grpc).orElse(""));
        text(json, "incarnation", node.announced().map(Node::incarnation).orElse(""));
        time(json, "announcedAt", node.announced().map(Node::at));
        text(json, "suspectedBy", node.suspicion().map(Suspicion::by).orElse(""));
        optional(json, "drain", node.drain(), ClusterJson::writeDrain);
        optional(json, "freeze", node.freeze(), ClusterJson::writeFreeze);
    }

    static void writeLog(JsonGenerator json, LogFacts log) throws IOException {
        var assignment = log.assignment();
        var note = assignment.note();
        json.writeStartObject();
        json.writeStringField("pchannel", assignment.pchannel().toString());
        json.writeStringField("phase", text(assignment.phase()));
        if (assignment.term() < 0) {
            json.writeNullField("term");
        } else {
            json.writeNumberField("term", assignment.term());
        }
        text(json, "owner", log.owner().map(Owner::node).orElse(""));
        text(json, "target", log.target());
        text(json, "condition", log.condition().map(ClusterJson::text).orElse(""));
        text(json, "code", log.code());
        json.writeStringField("reason", text(note.reason()));
        text(json, "text", note.text());
        time(json, "since", Optional.of(note.since()));
        json.writeEndObject();
    }

    static void writeDrain(JsonGenerator json, Drain drain) throws IOException {
        json.writeStartObject();
        json.writeStringField("node", drain.node());
        json.writeBooleanField("forced", drain.forced());
        text(json, "reason", drain.reason());
        time(json, "since", Optional.of(drain.at()));
        json.writeEndObject();
    }

    static void writePin(JsonGenerator json, Pin pin) throws IOException {
        json.writeStartObject();
        json.writeStringField("pchannel", pin.pchannel().toString());
        json.writeStringField("node", pin.node());
        text(json, "reason", pin.reason());
        time(json, "since", Optional.of(pin.at()));
        json.writeEndObject();
    }

    static void writeFreeze(JsonGenerator json, Freeze freeze) throws IOException {
        json.writeStartObject();
        writeScope(json, freeze.key());
        text(json, "reason", freeze.reason());
        time(json, "since", Optional.of(freeze.at()));
        time(json, "until", freeze.until());
        json.writeEndObject();
    }

    /** Writes what a freeze is about: {@code "scope"} is {@code all}, or else the node or the pchannel is named too. */
    static void writeScope(JsonGenerator json, MetaKey key) throws IOException {
        var parts = key.subject().split("/", 2);
        json.writeStringField("scope", parts[0]);
        if (parts.length > 1) {
            json.writeStringField(parts[0], parts[1]);
        }
    }

    /**
     * Writes what operators ordered about a log beside its place.
     *
     * @param pchannel the log, which may have no assignment
     */
    static void writeOrders(JsonGenerator json, PChannel pchannel, ClusterView view) throws IOException {
        var state = view.state();
        optional(json, "pin", state.pin(pchannel), ClusterJson::writePin);
        var freeze = state.freezes().stream()
                .filter(each -> each.key().equals(MetaKey.freezePChannel(pchannel)))
                .findFirst();
        optional(json, "freeze", freeze, ClusterJson::writeFreeze);
    }

    static <T> void array(JsonGenerator json, String name, Collection<T> values, Item<? super T> item)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (var value : values) {
            item.write(json, value);
        }
        json.writeEndArray();
    }

    static <T> void optional(JsonGenerator json, String name, Optional<T> value, Item<? super T> item)
            throws IOException {
        json.writeFieldName(name);
        if (value.isPresent()) {
            item.write(json, value.get());
        } else {
            json.writeNull();
        }
    }

    /** Writes a text; null if it is empty. */
    static void text(JsonGenerator json, String name, String text) throws IOException {
        if (text.isEmpty()) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, text);
        }
    }

    /** Writes a time; null if it is not known. */
    static void time(JsonGenerator json, String name, Optional<Instant> time) throws IOException {
        text(
                json,
                name,
                time.filter(at -> !at.equals(Instant.EPOCH))
                        .map(Instant::toString)
                        .orElse(""));
    }

    static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
