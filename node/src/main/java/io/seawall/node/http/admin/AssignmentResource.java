package io.seawall.node.http.admin;

import io.seawall.node.http.exchange.BoundedPool;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.http.json.FlatJson;
import io.seawall.node.ports.Assignments;
import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code /v1/pchannels/{p}/assignment}: an external coordinator sets its expectation for a pchannel. */
public final class AssignmentResource {
    private static final long WAIT_MS = 30_000;

    private final Assignments assignments;
    private final BoundedPool work;
    private final ByteBudget bodies;

    public AssignmentResource(Assignments assignments, BoundedPool work, ByteBudget bodies) {
        this.assignments = assignments;
        this.work = work;
        this.bodies = bodies;
    }

    public void routes(Router router) {
        router.add("PUT", "/v1/pchannels/{p}/assignment", this::assign);
    }

    private void assign(Exchange exchange) {
        var pchannel = exchange.pchannel();
        var waitMs = exchange.query().allow("waitMs").number("waitMs", WAIT_MS, 0, HttpLimits.WAIT_MS);
        exchange.accepted(Exchange.JSON);
        exchange.contentType(Exchange.JSON);
        exchange.when(
                exchange.body(HttpLimits.SMALL_BODY_BYTES, bodies),
                body -> assign(exchange, pchannel, waitMs, body),
                exchange::fail);
    }

    private void assign(Exchange exchange, PChannel pchannel, long waitMs, byte[] body) {
        var json = FlatJson.parse(exchange.operation(), body, Set.of("term", "available"));
        var term = json.required("term", json.number("term", 0, Long.MAX_VALUE));
        var available = json.required("available", json.bool("available"));
        // Copy the future, so that a timeout here does not complete the future of the opening itself.
        var converged = assignments.assign(pchannel, term, available).copy();
        if (waitMs == 0 && !converged.isDone()) {
            answer(exchange, pchannel, 202);
            return;
        }
        exchange.when(
                converged.orTimeout(Math.max(1, waitMs), TimeUnit.MILLISECONDS),
                done -> answer(exchange, pchannel, 200),
                failure -> {
                    if (FutureErrors.unwrapped(failure) instanceof TimeoutException) {
                        answer(exchange, pchannel, 202);
                    } else {
                        exchange.fail(failure);
                    }
                });
    }

    private void answer(Exchange exchange, PChannel pchannel, int status) {
        work.run(exchange, () -> {
            var found = assignments.status(pchannel);
            exchange.json(status, json -> StatusJson.write(json, found));
        });
    }
}
