package io.seawall.node.http.pace;

import io.seawall.node.metrics.NodeMetrics;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Watches how fast clients are, and counts those that are too slow. */
public final class SlowClients {
    private final Pace pace;
    private final NodeMetrics metrics;

    public SlowClients(Pace pace, NodeMetrics metrics) {
        this.pace = pace;
        this.metrics = metrics;
    }

    /** Creates a watch for a body; {@code bytes} returns how many bytes have arrived. */
    public PaceWatch body(Request request, LongSupplier bytes) {
        return new PaceWatch(request, pace, bytes, () -> metrics.slow("body"));
    }

    /** Wraps an answer so that a client that receives it too slowly is disconnected. */
    public Response answer(Request request, Response response) {
        return new PacedResponse(request, response, pace, () -> metrics.slow("answer"));
    }

    /** Counts a request whose head took too long. */
    public void head() {
        metrics.slow("head");
    }
}
