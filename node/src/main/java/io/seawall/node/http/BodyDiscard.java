package io.seawall.node.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Throws the rest of a body away before an error is answered. Otherwise: the server answers and closes, the client is still
 * sending, its system gets a reset, and the client never sees the answer. Runs as {@link BodyReader} does.
 */
final class BodyDiscard implements Runnable {
    private final Request request;
    private final Runnable then;
    private long left = 2L * HttpLimits.BODY_BYTES;

    private BodyDiscard(Request request, Runnable then) {
        this.request = request;
        this.then = then;
    }

    /** Runs {@code then} when the body has ended, failed, or is longer than twice the largest that is allowed. */
    static void before(Request request, Runnable then) {
        // A client that asked first has not sent it yet, and will not.
        if (request.getHeaders().contains(HttpHeader.EXPECT)) {
            then.run();
        } else {
            new BodyDiscard(request, then).run();
        }
    }

    @Override
    public void run() {
        while (left > 0) {
            var chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                break;
            }
            left -= chunk.remaining();
            var last = chunk.isLast();
            chunk.release();
            if (last) {
                break;
            }
        }
        then.run();
    }
}
