package io.seawall.node.http.exchange;

import io.seawall.node.http.pace.PaceWatch;
import io.seawall.node.http.pace.SlowClients;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Discards the rest of a body before the node answers with an error. Otherwise the server answers and closes the connection
 * while the client is still sending, the client's system receives a reset, and the client never sees the answer. Runs like
 * {@link BodyReader}.
 */
final class BodyDiscard implements Runnable {
    /** How much is discarded at most. */
    static final long MOST_BYTES = 2L * HttpLimits.BODY_BYTES;

    private final Request request;
    private final Runnable then;
    private final PaceWatch watch;
    private final AtomicLong discarded = new AtomicLong(); // written by the reading thread, read by the watch

    private BodyDiscard(Request request, SlowClients slow, Runnable then) {
        this.request = request;
        this.then = then;
        this.watch = slow.body(request, discarded::get);
    }

    /** Runs {@code then} when the body has ended, failed, arrives too slowly, or is longer than twice the allowed size. */
    static void before(Request request, SlowClients slow, Runnable then) {
        // A client that waits for 100 Continue has not sent the body yet, and will not.
        if (request.getHeaders().contains(HttpHeader.EXPECT)) {
            then.run();
        } else {
            new BodyDiscard(request, slow, then).run();
        }
    }

    @Override
    public void run() {
        while (discarded.get() < MOST_BYTES) {
            var chunk = request.read();
            if (chunk == null) {
                watch.start();
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                break;
            }
            discarded.addAndGet(chunk.remaining());
            var last = chunk.isLast();
            chunk.release();
            if (last) {
                break;
            }
        }
        watch.stop();
        then.run();
    }
}
