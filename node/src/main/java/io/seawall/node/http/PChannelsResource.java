package io.seawall.node.http;

import io.seawall.node.ports.Assignments;

/** {@code /v1/pchannels}: what is known of them. */
final class PChannelsResource {
    private final Assignments assignments;
    private final BoundedPool work;

    PChannelsResource(Assignments assignments, BoundedPool work) {
        this.assignments = assignments;
        this.work = work;
    }

    void routes(Router router) {
        router.add("GET", "/v1/pchannels", this::list);
        router.add("GET", "/v1/pchannels/{p}", this::one);
    }

    private void list(Exchange exchange) {
        exchange.query().allow();
        exchange.accepted(Exchange.JSON);
        work.run(exchange, () -> {
            var statuses = assignments.statuses();
            exchange.json(200, json -> {
                json.writeStartObject();
                json.writeArrayFieldStart("pchannels");
                for (var status : statuses) {
                    StatusJson.write(json, status);
                }
                json.writeEndArray();
                json.writeEndObject();
            });
        });
    }

    private void one(Exchange exchange) {
        var pchannel = exchange.pchannel();
        exchange.query().notYet("confirm").allow();
        exchange.accepted(Exchange.JSON);
        work.run(exchange, () -> {
            var status = assignments.status(pchannel);
            exchange.json(200, json -> StatusJson.write(json, status));
        });
    }
}
