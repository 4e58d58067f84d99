package io.seawall.node.http.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.node.http.exchange.BoundedPool;
import io.seawall.node.http.exchange.ByteBudget;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.HttpRefusal;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.http.json.FlatJson;
import io.seawall.node.http.json.Shown;
import io.seawall.node.ports.Flushes;
import io.seawall.node.ports.TopicCatalog;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /v1/topics}. */
public final class TopicsResource {
    private static final long MAX_PCHANNELS = 10_000;
    private static final long MAX_REPLICATION = 100;
    private static final int DEFAULT_PCHANNELS = 4;
    private static final Set<String> COMPRESSIONS = Set.of("none", "gzip", "snappy", "lz4", "zstd");

    private final TopicCatalog topics;
    private final Flushes flushes;
    private final BoundedPool work;
    private final ByteBudget bodies;

    public TopicsResource(TopicCatalog topics, Flushes flushes, BoundedPool work, ByteBudget bodies) {
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
                    write(json, topic);
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
        var wanted = wanted(exchange, body);
        var outcome = topics.create(name, wanted);
        if (outcome instanceof TopicCatalog.Done done) {
            var status = done.kind() == TopicCatalog.Kind.CREATED ? 201 : 200;
            exchange.json(status, json -> write(json, done.topic()));
        } else if (outcome instanceof TopicCatalog.Conflict conflict) {
            var problem = Problem.of(ErrorCode.INVALID, "create topic " + name)
                    .found("it there with " + shown(conflict.topic()))
                    .expected("the same settings, or more pchannels")
                    .fix("request the existing settings, or use another name");
            throw new HttpRefusal(409, problem, Map.of());
        }
    }

    private static TopicCatalog.Wanted wanted(Exchange exchange, byte[] body) {
        if (body.length == 0) {
            return new TopicCatalog.Wanted(DEFAULT_PCHANNELS, null, "none");
        }
        var json = FlatJson.parse(exchange.operation(), body, Set.of("pchannels", "replicationFactor", "compression"));
        var pchannels = json.number("pchannels", 1, MAX_PCHANNELS);
        var replication = json.number("replicationFactor", 1, MAX_REPLICATION);
        var compression = json.oneOf("compression", COMPRESSIONS);
        return new TopicCatalog.Wanted(
                pchannels == null ? DEFAULT_PCHANNELS : pchannels.intValue(),
                replication == null ? null : replication.intValue(),
                compression == null ? "none" : compression);
    }

    private void delete(Exchange exchange) {
        var name = PChannel.checkTopic(exchange.path("topic"));
        var query = exchange.query().allow("confirm", "segments");
        var confirm = query.text("confirm").orElse("");
        if (!confirm.equals(name)) {
            throw query.invalid(
                    "confirm=" + Shown.text(confirm), "confirm=" + name + ", because all its records are deleted");
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

    private static void write(JsonGenerator json, TopicCatalog.Topic topic) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", topic.name());
        json.writeNumberField("pchannels", topic.pchannels());
        json.writeNumberField("replicationFactor", topic.replicationFactor());
        json.writeStringField("compression", topic.compression());
        json.writeEndObject();
    }

    private static String shown(TopicCatalog.Topic topic) {
        return topic.pchannels() + " pchannels, replication factor " + topic.replicationFactor() + ", compression "
                + topic.compression();
    }
}
