package io.seawall.node.http.admin;

import io.seawall.node.http.exchange.BoundedPool;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.http.exchange.OwnerRouting;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.ports.Flushes;
import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Flushes a pchannel, and lists and verifies its segments. */
public final class FlushResource {
    private static final long SEGMENTS = 1_000;
    private static final long MAX_SEGMENTS = 10_000;

    private final Flushes flushes;
    private final OwnerRouting routing;
    private final BoundedPool work;
    private final BoundedPool streams;
    private final ByteBudget bodies;

    public FlushResource(
            Flushes flushes, OwnerRouting routing, BoundedPool work, BoundedPool streams, ByteBudget bodies) {
        this.flushes = flushes;
        this.routing = routing;
        this.work = work;
        this.streams = streams;
        this.bodies = bodies;
    }

    public void routes(Router router) {
        router.add("POST", "/v1/pchannels/{p}/flush", this::flush);
        router.add("POST", "/v1/pchannels/{p}/flush/pause", exchange -> pause(exchange, true));
        router.add("POST", "/v1/pchannels/{p}/flush/resume", exchange -> pause(exchange, false));
        router.add("GET", "/v1/pchannels/{p}/segments", this::segments);
        router.add("POST", "/v1/pchannels/{p}/segments/verify", this::verify);
    }

    private void flush(Exchange exchange) {
        var pchannel = exchange.pchannel();
        exchange.query().allow();
        exchange.accepted(Exchange.JSON);
        exchange.noMembers(bodies, () -> flush(exchange, routing.route(exchange, pchannel), pchannel));
    }

    private void flush(Exchange exchange, OwnerRouting.Routed routed, PChannel pchannel) {
        Runnable again = () -> flush(exchange, routed, pchannel);
        try {
            exchange.when(
                    flushes.flush(pchannel).copy().orTimeout(HttpLimits.FLUSH.toMillis(), TimeUnit.MILLISECONDS),
                    flushed -> exchange.json(200, json -> {
                        json.writeStartObject();
                        json.writeNumberField("flushed", flushed);
                        json.writeEndObject();
                    }),
                    failure -> failed(exchange, pchannel, failure, () -> routed.failed(failure, 0, again)));
        } catch (WalException e) {
            routed.failed(e, 0, again);
        }
    }

    private void pause(Exchange exchange, boolean paused) {
        var pchannel = exchange.pchannel();
        exchange.query().allow();
        exchange.accepted(Exchange.JSON);
        exchange.noMembers(bodies, () -> pause(exchange, routing.route(exchange, pchannel), pchannel, paused));
    }

    private void pause(Exchange exchange, OwnerRouting.Routed routed, PChannel pchannel, boolean paused) {
        try {
            if (paused) {
                flushes.pause(pchannel);
            } else {
                flushes.resume(pchannel);
            }
        } catch (WalException e) {
            routed.failed(e, 0, () -> pause(exchange, routed, pchannel, paused));
            return;
        }
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeBooleanField("paused", paused);
            json.writeEndObject();
        });
    }

    private static void failed(Exchange exchange, PChannel pchannel, Throwable failure, Runnable others) {
        if (FutureErrors.unwrapped(failure) instanceof TimeoutException) {
            throw exchange.problem(ErrorCode.UNAVAILABLE)
                    .pchannel(pchannel)
                    .effect(Effect.UNKNOWN)
                    .found("a flush that is not complete after " + HttpLimits.FLUSH.toSeconds() + " s")
                    .fix("it continues; see flushed in the pchannel's status")
                    .exception();
        }
        others.run();
    }

    private void segments(Exchange exchange) {
        var pchannel = exchange.pchannel();
        var query = exchange.query().allow("from", "limit");
        var from = query.number("from", 0, 0, Long.MAX_VALUE);
        var limit = (int) query.number("limit", SEGMENTS, 1, MAX_SEGMENTS);
        exchange.accepted(Exchange.JSON);
        work.run(exchange, () -> {
            var found = flushes.segments(pchannel, from, limit);
            exchange.json(200, json -> {
                json.writeStartObject();
                json.writeArrayFieldStart("segments");
                for (var segment : found) {
                    SegmentJson.write(json, segment);
                }
                json.writeEndArray();
                json.writeEndObject();
            });
        });
    }

    private void verify(Exchange exchange) {
        var pchannel = exchange.pchannel();
        exchange.query().allow();
        exchange.accepted(Exchange.JSON);
        exchange.noMembers(
                bodies,
                () -> streams.run(exchange, () -> {
                    var verified = flushes.verify(pchannel);
                    exchange.json(200, json -> SegmentJson.write(json, verified));
                }));
    }
}
