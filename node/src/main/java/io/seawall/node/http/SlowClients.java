package io.seawall.node.http;

import io.seawall.node.metrics.NodeMetrics;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Watches over how fast clients are, and counts those that were too slow. */
final class SlowClients {
    private final Pace pace;
    private final NodeMetrics metrics;

    SlowClients(Pace pace, NodeMetrics metrics) {
        this.pace = pace;
        this.metrics = metrics;
    }

    /** Watches a body, of which so many bytes have come. */
    PaceWatch body(Request request, LongSupplier bytes) {
        return new PaceWatch(request, pace, bytes, () -> metrics.slow("body"));
    }

    /** The same answer, whose client has to take it. */
    Response answer(Request request, Response response) {
        return new PacedResponse(request, response, pace, () -> metrics.slow("answer"));
    }

    /** Counts a request whose head took too long. */
    void head() {
        metrics.slow("head");
    }
}
