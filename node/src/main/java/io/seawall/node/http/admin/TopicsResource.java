package io.seawall.node.http.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.node.http.exchange.BoundedPool;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.HttpRefusal;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.http.json.FlatJson;
import io.seawall.node.http.json.Shown;
import io.seawall.node.ports.Flushes;
import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.Topic;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.admin.Topics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** {@code /v1/topics}. */
public final class TopicsResource {
    private static final long MAX_PCHANNELS = 10_000;
    private static final long MAX_REPLICATION = 100;
    private static final int DEFAULT_PCHANNELS = 4;
    private static final Set<String> COMPRESSIONS = Set.copyOf(TopicSpec.COMPRESSIONS);

    private final Topics topics;
    private final Flushes flushes;
    private final BoundedPool work;
    private final ByteBudget bodies;

    public TopicsResource(Topics topics, Flushes flushes, BoundedPool work, ByteBudget bodies) {
        this.topics = topics;
        this.flushes = flushes;
        this.work = work;
        this.bodies = bodies;
    }

    public void routes(Router router) {
        router.add("GET", "/v1/topics", this::list);
        router.add("PUT", "/v1/topics/{topic}", this::create);
        router.add("DELETE", "/v1/topics/{topic}", this::delete);
    }

    private void list(Exchange exchange) {
        exchange.query().allow();
        exchange.accepted(Exchange.JSON);
        work.run(exchange, () -> {
            var all = topics.list();
            exchange.json(200, json -> {
                json.writeStartObject();
                json.writeArrayFieldStart("topics");
                for (var topic : all) {
                    if (exchange.session().sees(topic.name())) {
                        write(json, topic);
                    }
                }
                json.writeEndArray();
                json.writeEndObject();
            });
        });
    }

    private void create(Exchange exchange) {
        var name = PChannel.checkTopic(exchange.path("topic"));
        exchange.query().allow();
        exchange.accepted(Exchange.JSON);
        exchange.optionalJson(bodies, body -> work.run(exchange, () -> create(exchange, name, body)));
    }

    private void create(Exchange exchange, String name, byte[] body) {
        var outcome = topics.create(spec(exchange, name, body));
        switch (outcome.kind()) {
            case CREATED -> exchange.json(201, json -> write(json, outcome.topic()));
            case SAME, GROWN -> exchange.json(200, json -> write(json, outcome.topic()));
            case CONFLICT -> throw conflict(outcome.topic());
        }
    }

    private static HttpRefusal conflict(Topic topic) {
        var problem = Problem.of(ErrorCode.INVALID, "create topic " + topic.name())
                .found("it there with " + shown(topic))
                .expected("the same settings, or more pchannels")
                .fix("request the existing settings, or use another name");
        return new HttpRefusal(409, problem, Map.of());
    }

    private static TopicSpec spec(Exchange exchange, String name, byte[] body) {
        if (body.length == 0) {
            return TopicSpec.of(name, DEFAULT_PCHANNELS);
        }
        var json = FlatJson.parse(exchange.operation(), body, Set.of("pchannels", "replicationFactor", "compression"));
        var pchannels = json.number("pchannels", 1, MAX_PCHANNELS);
        var replication = json.number("replicationFactor", 1, MAX_REPLICATION);
        var compression = json.oneOf("compression", COMPRESSIONS);
        return new TopicSpec(
                name,
                pchannels == null ? DEFAULT_PCHANNELS : pchannels.intValue(),
                replication == null ? OptionalInt.empty() : OptionalInt.of(replication.intValue()),
                compression == null ? TopicSpec.NO_COMPRESSION : compression);
    }

    private void delete(Exchange exchange) {
        var name = PChannel.checkTopic(exchange.path("topic"));
        var query = exchange.query().allow("confirm", "segments");
        var confirm = query.text("confirm").orElse("");
        if (!confirm.equals(name)) {
            throw query.invalid(
                    confirm.isEmpty() ? "no confirm" : "confirm=" + Shown.text(confirm),
                    "confirm=" + name + ", because all its records are deleted");
        }
        var withSegments =
                query.oneOf("segments", "false", Set.of("true", "false")).equals("true");
        exchange.noMembers(bodies, () -> work.run(exchange, () -> delete(exchange, name, withSegments)));
    }

    private void delete(Exchange exchange, String name, boolean withSegments) {
        // List them before deleting anything: if the store does not answer now, nothing is deleted.
        var logs = withSegments ? flushes.pchannelsWithSegments(name) : List.<PChannel>of();
        deleteTopic(name, !logs.isEmpty());
        var segments = deleteSegments(logs);
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("deleted", name);
            if (withSegments) {
                json.writeNumberField("segments", segments);
            }
            json.writeEndObject();
        });
    }

    /** Deletes the segments after the topic; if this fails, the request has had an effect. */
    private int deleteSegments(List<PChannel> logs) {
        try {
            return logs.stream().mapToInt(flushes::deleteSegments).sum();
        } catch (WalException e) {
            throw e.problem()
                    .effect(Effect.APPLIED)
                    .fix("the topic is deleted, but not all of its segments: send the request again")
                    .exception();
        }
    }

    /**
     * Deletes the topic in Kafka.
     *
     * @param mayBeGone whether a missing topic is not an error, because an earlier attempt failed and left its segments
     */
    private void deleteTopic(String name, boolean mayBeGone) {
        try {
            topics.delete(name);
        } catch (WalException e) {
            if (e.code() != ErrorCode.NOT_FOUND || !mayBeGone) {
                throw e;
            }
        }
    }

    private static void write(JsonGenerator json, Topic topic) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", topic.name());
        json.writeNumberField("pchannels", topic.pchannels());
        json.writeNumberField("replicationFactor", topic.replicationFactor());
        json.writeStringField("compression", topic.compression());
        json.writeEndObject();
    }

    private static String shown(Topic topic) {
        return topic.pchannels() + " pchannels, replication factor " + topic.replicationFactor() + ", compression "
                + topic.compression();
    }
}
