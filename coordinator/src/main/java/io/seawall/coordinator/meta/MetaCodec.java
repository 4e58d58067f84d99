package io.seawall.coordinator.meta;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.coordinator.meta.Assignment.Note;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.Assignment.Quarantined;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.Assignment.Retired;
import io.seawall.coordinator.meta.Assignment.Unowned;
import io.seawall.coordinator.meta.JsonBody.BadBody;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Coordinator;
import io.seawall.coordinator.meta.MetaRecord.Drain;
import io.seawall.coordinator.meta.MetaRecord.Freeze;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Pin;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes the records of the meta topic; see docs/coordinator.md#records. */
public final class MetaCodec {
    private static final String AT = "atMs";
    private static final String NODE = "node";
    private static final String INCARNATION = "incarnation";
    private static final String BEAT = "beat";
    private static final String REASON = "reason";
    private static final String TERM = "term";
    private static final String CODE = "code";

    private MetaCodec() {}

    /**
     * Reads a record.
     *
     * @param key the key, or null
     * @param value the value; null if the key is gone
     * @return the news; empty if the key is none that this version knows, so that it ignores the record
     */
    public static Optional<News> read(byte @Nullable [] key, byte @Nullable [] value) {
        var parsed = key == null ? Optional.<MetaKey>empty() : MetaKey.parse(new String(key, UTF_8));
        return parsed.map(known -> value == null ? new News.Removed(known) : written(known, value));
    }

    private static News written(MetaKey key, byte[] value) {
        try {
            return new News.Written(record(key, JsonBody.read(value)));
        } catch (BadBody bad) {
            return new News.Unreadable(key, String.valueOf(bad.getMessage()));
        }
    }

    private static MetaRecord record(MetaKey key, JsonBody body) throws BadBody {
        return switch (key.kind()) {
            case COORDINATOR ->
                new Coordinator(
                        node(body),
                        incarnation(body),
                        body.text("nonce"),
                        body.number("decision", 0, Long.MAX_VALUE),
                        body.time(AT));
            case TOPIC -> new Topic(key.subject(), (int) body.number("pchannels", 0, MetaRecord.MOST_PCHANNELS));
            case ASSIGNMENT -> assignment(key, body);
            case NODE ->
                new Node(
                        key.subject(),
                        incarnation(body),
                        body.number(BEAT, 0, Long.MAX_VALUE),
                        body.textOrEmpty("url"),
                        body.textOrEmpty("peerUrl"),
                        body.textOrEmpty("grpc"),
                        body.flag("leaving"),
                        body.time(AT));
            case SUSPICION ->
                new Suspicion(
                        key.subject(),
                        incarnation(body),
                        body.number(BEAT, 0, Long.MAX_VALUE),
                        body.textOrEmpty("by"),
                        body.time(AT));
            case DRAIN -> new Drain(key.subject(), body.flag("forced"), body.textOrEmpty(REASON), body.time(AT));
            case PIN -> new Pin(key.pchannel(), node(body), body.textOrEmpty(REASON), body.time(AT));
            case FREEZE -> new Freeze(key, body.textOrEmpty(REASON), body.optionalTime("untilMs"), body.time(AT));
            case STATUS -> status(key, body);
        };
    }

    private static Status status(MetaKey key, JsonBody body) throws BadBody {
        return new Status(
                key.pchannel(),
                key.incarnation(),
                term(body, TERM),
                constant(Condition.class, body.text("condition"))
                        .orElseThrow(() -> new BadBody("a condition that this version does not know")),
                body.textOrEmpty(CODE),
                body.textOrEmpty("message"),
                Math.max(-1, body.numberOr("seenTerm", -1)),
                body.textOrEmpty("rival"),
                Math.max(0, body.numberOr("servedMs", 0)),
                body.time(AT));
    }

    private static Assignment assignment(MetaKey key, JsonBody body) throws BadBody {
        var pchannel = key.pchannel();
        var term = body.number(TERM, -1, MetaRecord.MOST_TERM);
        var note = new Note(
                constant(Reason.class, body.textOrEmpty(REASON)).orElse(Reason.OTHER),
                body.textOrEmpty("note"),
                body.time("sinceMs"));
        var phase = constant(Phase.class, body.text("phase"))
                .orElseThrow(() -> new BadBody("a phase that this version does not know"));
        return switch (phase) {
            case UNOWNED -> new Unowned(pchannel, term, home(body), note);
            case OWNED ->
                new Owned(
                        pchannel,
                        term(body, TERM),
                        owner(body),
                        (int) Math.max(0, Math.min(body.numberOr("failures", 0), Integer.MAX_VALUE - 1)),
                        note);
            case RELEASING -> new Releasing(pchannel, term(body, TERM), owner(body), target(body), note);
            case QUARANTINED -> new Quarantined(pchannel, term, home(body), body.textOrEmpty(CODE), note);
            case RETIRED -> new Retired(pchannel, term, note);
        };
    }

    private static String home(JsonBody body) throws BadBody {
        return checkedNode(body.textOrEmpty(NODE), true);
    }

    private static String target(JsonBody body) throws BadBody {
        return checkedNode(body.textOrEmpty("target"), true);
    }

    private static Owner owner(JsonBody body) throws BadBody {
        return new Owner(node(body), incarnation(body));
    }

    private static String node(JsonBody body) throws BadBody {
        return checkedNode(body.text(NODE), false);
    }

    private static String checkedNode(String text, boolean mayBeEmpty) throws BadBody {
        if (MetaKey.isNode(text) || (mayBeEmpty && text.isEmpty())) {
            return text;
        }
        throw new BadBody("a node id that is none");
    }

    private static String incarnation(JsonBody body) throws BadBody {
        var text = body.text(INCARNATION);
        if (MetaKey.isIncarnation(text)) {
            return text;
        }
        throw new BadBody("an incarnation that is none");
    }

    private static long term(JsonBody body, String name) throws BadBody {
        return body.number(name, 0, MetaRecord.MOST_TERM);
    }

    private static <E extends Enum<E>> Optional<E> constant(Class<E> type, String text) {
        for (var constant : type.getEnumConstants()) {
            if (text(constant).equals(text)) {
                return Optional.of(constant);
            }
        }
        return Optional.empty();
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns a record's value; the bytes of its key are those of {@link MetaKey#toString}. */
    public static byte[] write(MetaRecord value) {
        return body(value).toBytes();
    }

    private static JsonBody body(MetaRecord value) {
        var json = JsonBody.create();
        return switch (value.key().kind()) {
            case COORDINATOR -> {
                var own = (Coordinator) value;
                yield json.with(NODE, own.node())
                        .with(INCARNATION, own.incarnation())
                        .with("nonce", own.nonce())
                        .with("decision", own.decision())
                        .with(AT, own.at());
            }
            case TOPIC -> json.with("pchannels", ((Topic) value).pchannels());
            case ASSIGNMENT -> body((Assignment) value, json);
            case NODE -> {
                var node = (Node) value;
                yield json.with(INCARNATION, node.incarnation())
                        .with(BEAT, node.beat())
                        .withText("url", node.url())
                        .withText("peerUrl", node.peerUrl())
                        .withText("grpc", node.grpc())
                        .withFlag("leaving", node.leaving())
                        .with(AT, node.at());
            }
            case SUSPICION -> {
                var suspicion = (Suspicion) value;
                yield json.with(INCARNATION, suspicion.incarnation())
                        .with(BEAT, suspicion.beat())
                        .withText("by", suspicion.by())
                        .with(AT, suspicion.at());
            }
            case DRAIN -> {
                var drain = (Drain) value;
                yield json.withFlag("forced", drain.forced())
                        .withText(REASON, drain.reason())
                        .with(AT, drain.at());
            }
            case PIN -> {
                var pin = (Pin) value;
                yield json.with(NODE, pin.node()).withText(REASON, pin.reason()).with(AT, pin.at());
            }
            case FREEZE -> {
                var freeze = (Freeze) value;
                json.withText(REASON, freeze.reason());
                freeze.until().ifPresent(until -> json.with("untilMs", until));
                yield json.with(AT, freeze.at());
            }
            case STATUS -> body((Status) value, json);
        };
    }

    private static JsonBody body(Status status, JsonBody json) {
        json.with(TERM, status.term()).with("condition", text(status.condition()));
        json.withText(CODE, status.code()).withText("message", status.message());
        if (status.seenTerm() >= 0) {
            json.with("seenTerm", status.seenTerm());
        }
        if (status.servedMs() > 0) {
            json.with("servedMs", status.servedMs());
        }
        return json.withText("rival", status.rival()).with(AT, status.at());
    }

    private static JsonBody body(Assignment assignment, JsonBody json) {
        json.with("phase", text(assignment.phase())).with(TERM, assignment.term());
        switch (assignment.phase()) {
            case UNOWNED, RETIRED -> json.withText(NODE, assignment.home());
            case OWNED -> {
                var owned = (Owned) assignment;
                owner(json, owned.owner());
                if (owned.failures() > 0) {
                    json.with("failures", owned.failures());
                }
            }
            case RELEASING -> {
                var releasing = (Releasing) assignment;
                owner(json, releasing.owner()).withText("target", releasing.target());
            }
            case QUARANTINED ->
                json.withText(NODE, assignment.home()).withText(CODE, ((Quarantined) assignment).code());
        }
        return json.with(REASON, text(assignment.note().reason()))
                .withText("note", assignment.note().text())
                .with("sinceMs", assignment.note().since());
    }

    private static JsonBody owner(JsonBody json, Owner owner) {
        return json.with(NODE, owner.node()).with(INCARNATION, owner.incarnation());
    }
}
