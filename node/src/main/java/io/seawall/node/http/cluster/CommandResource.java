package io.seawall.node.http.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.placement.Command;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.http.json.FlatJson;
import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * What operators order: drains, pins, freezes, the end of a quarantine, and that a node does not come back. The coordinator
 * carries it out; other nodes redirect to it. An answer shows what the order is about, as it is afterwards.
 */
public final class CommandResource {
    private static final int REASON_CHARS = 300;
    private static final Duration LONGEST_FREEZE = Duration.ofDays(3650);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final byte[] NO_MEMBERS = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String REASON = "reason";

    private final ClusterAccess access;
    private final ByteBudget bodies;

    public CommandResource(ClusterAccess access, ByteBudget bodies) {
        this.access = access;
        this.bodies = bodies;
    }

    public void routes(Router router) {
        router.add("DELETE", "/v1/nodes/{n}", this::forget);
        router.add("PUT", "/v1/nodes/{n}/drain", this::drain);
        router.add("DELETE", "/v1/nodes/{n}/drain", this::resume);
        router.add("PUT", "/v1/nodes/{n}/freeze", this::freezeNode);
        router.add("DELETE", "/v1/nodes/{n}/freeze", this::thawNode);
        router.add("PUT", "/v1/pchannels/{p}/pin", this::pin);
        router.add("DELETE", "/v1/pchannels/{p}/pin", this::unpin);
        router.add("PUT", "/v1/pchannels/{p}/freeze", this::freezeLog);
        router.add("DELETE", "/v1/pchannels/{p}/freeze", this::thawLog);
        router.add("DELETE", "/v1/pchannels/{p}/quarantine", this::unquarantine);
        router.add("PUT", "/v1/cluster/freeze", this::freezeAll);
        router.add("DELETE", "/v1/cluster/freeze", this::thawAll);
    }

    private void forget(Exchange exchange) {
        var node = exchange.path("n");
        order(exchange, Set.of(), json -> new Command.ForgetNode(node), (json, view) -> {
            json.writeStartObject();
            json.writeStringField("forgotten", node);
            json.writeEndObject();
        });
    }

    private void drain(Exchange exchange) {
        var node = exchange.path("n");
        order(
                exchange,
                Set.of("forced", REASON),
                json -> new Command.DrainNode(node, Boolean.TRUE.equals(json.bool("forced")), reasonOrNone(json)),
                node(node));
    }

    private void resume(Exchange exchange) {
        var node = exchange.path("n");
        order(exchange, Set.of(), json -> new Command.ResumeNode(node), node(node));
    }

    private void pin(Exchange exchange) {
        var pchannel = exchange.pchannel();
        order(
                exchange,
                Set.of("node", REASON),
                json -> new Command.PinLog(
                        pchannel, json.required("node", json.line("node", REASON_CHARS)), reasonOrNone(json)),
                log(pchannel));
    }

    private void unpin(Exchange exchange) {
        var pchannel = exchange.pchannel();
        order(exchange, Set.of(), json -> new Command.UnpinLog(pchannel), log(pchannel));
    }

    private void freezeNode(Exchange exchange) {
        var node = exchange.path("n");
        freeze(exchange, MetaKey.freezeNode(node), node(node));
    }

    private void thawNode(Exchange exchange) {
        var node = exchange.path("n");
        thaw(exchange, MetaKey.freezeNode(node), node(node));
    }

    private void freezeLog(Exchange exchange) {
        var pchannel = exchange.pchannel();
        freeze(exchange, MetaKey.freezePChannel(pchannel), log(pchannel));
    }

    private void thawLog(Exchange exchange) {
        var pchannel = exchange.pchannel();
        thaw(exchange, MetaKey.freezePChannel(pchannel), log(pchannel));
    }

    private void freezeAll(Exchange exchange) {
        freeze(exchange, MetaKey.freezeAll(), CommandResource::allMoves);
    }

    private void thawAll(Exchange exchange) {
        thaw(exchange, MetaKey.freezeAll(), CommandResource::allMoves);
    }

    private void freeze(Exchange exchange, MetaKey scope, Shown shown) {
        order(exchange, Set.of(REASON, "ttlMs"), json -> freeze(scope, json), shown);
    }

    private static Command freeze(MetaKey scope, FlatJson json) {
        var reason = json.required(REASON, json.line(REASON, REASON_CHARS));
        var ttlMs = json.number("ttlMs", 1, LONGEST_FREEZE.toMillis());
        return new Command.FreezeMoves(scope, reason, Optional.ofNullable(ttlMs).map(Duration::ofMillis));
    }

    private void thaw(Exchange exchange, MetaKey scope, Shown shown) {
        order(exchange, Set.of(), json -> new Command.ThawMoves(scope), shown);
    }

    private void unquarantine(Exchange exchange) {
        var pchannel = exchange.pchannel();
        order(exchange, Set.of(), json -> new Command.Unquarantine(pchannel), log(pchannel));
    }

    private static String reasonOrNone(FlatJson json) {
        var reason = json.line(REASON, REASON_CHARS);
        return reason == null ? "" : reason;
    }

    /** Writes what the answer shows. */
    @FunctionalInterface
    private interface Shown {
        void write(JsonGenerator json, ClusterView view) throws IOException;
    }

    private static Shown node(String node) {
        return (json, view) -> ClusterJson.writeNode(json, NodeFacts.of(node, view));
    }

    private static Shown log(PChannel pchannel) {
        return (json, view) -> {
            json.writeStartObject();
            json.writeStringField("pchannel", pchannel.toString());
            ClusterJson.optional(
                    json,
                    "log",
                    view.state().assignment(pchannel).map(known -> LogFacts.of(known, view.state())),
                    ClusterJson::writeLog);
            ClusterJson.writeOrders(json, pchannel, view);
            json.writeEndObject();
        };
    }

    private static void allMoves(JsonGenerator json, ClusterView view) throws IOException {
        json.writeStartObject();
        ClusterJson.array(json, "freezes", view.state().freezes(), ClusterJson::writeFreeze);
        json.writeEndObject();
    }

    private void order(Exchange exchange, Set<String> members, Function<FlatJson, Command> command, Shown shown) {
        exchange.query().allow();
        exchange.accepted(Exchange.JSON);
        var cluster = access.required(exchange);
        exchange.optionalJson(bodies, body -> {
            var json = FlatJson.parse(exchange.operation(), body.length == 0 ? NO_MEMBERS : body, members);
            order(exchange, cluster, command.apply(json), shown);
        });
    }

    private static void order(Exchange exchange, Cluster cluster, Command command, Shown shown) {
        ClusterAccess.onlyCoordinator(exchange, cluster.view());
        exchange.when(
                // A copy, so that the time-out does not complete the cluster's own future.
                cluster.command(command).copy().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS),
                done -> exchange.json(200, json -> shown.write(json, cluster.view())),
                failure -> failed(exchange, failure));
    }

    private static void failed(Exchange exchange, Throwable failure) {
        if (FutureErrors.unwrapped(failure) instanceof TimeoutException) {
            throw exchange.problem(ErrorCode.UNAVAILABLE)
                    .effect(Effect.UNKNOWN)
                    .found("no outcome after " + PATIENCE.toSeconds() + " s")
                    .fix("see GET /v1/cluster, or send the request again")
                    .exception();
        }
        exchange.fail(failure);
    }
}
