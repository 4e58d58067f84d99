package io.seawall.node.http.read;

import io.seawall.node.http.exchange.BoundedPool;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.http.frames.Frames;

/** {@code GET /v1/pchannels/{p}/records}, in the four forms that a client can request. Any node serves it. */
public final class ReadResource {
    static final String NDJSON = "application/x-ndjson";
    static final String EVENTS = "text/event-stream";

    private final PageReads pages;
    private final EventReads events;
    private final BoundedPool work;
    private final BoundedPool streams;

    public ReadResource(PageReads pages, EventReads events, BoundedPool work, BoundedPool streams) {
        this.pages = pages;
        this.events = events;
        this.work = work;
        this.streams = streams;
    }

    public void routes(Router router) {
        router.add("GET", "/v1/pchannels/{p}/records", this::read);
    }

    private void read(Exchange exchange) {
        var type = exchange.accepted(Exchange.JSON, NDJSON, EVENTS, Frames.MEDIA_TYPE);
        if (type.equals(EVENTS)) {
            var request = ReadRequest.endless(exchange);
            streams.run(exchange, () -> events.serve(exchange, request));
            return;
        }
        var request = ReadRequest.bounded(exchange);
        if (type.equals(NDJSON)) {
            streams.run(exchange, () -> pages.lines(exchange, request));
        } else if (type.equals(Frames.MEDIA_TYPE)) {
            streams.run(exchange, () -> pages.frames(exchange, request));
        } else {
            // A long poll occupies its thread for long, so it must not take one from short reads.
            var pool = request.waitTime().isZero() ? work : streams;
            pool.run(exchange, () -> pages.page(exchange, request));
        }
    }
}
