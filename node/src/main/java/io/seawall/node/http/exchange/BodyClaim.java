package io.seawall.node.http.exchange;

import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import org.eclipse.jetty.server.Request;

/**
 * What one stream holds of the budget of all bodies. What is left returns to it when the request is answered, and nothing is taken
 * any more: a thread may still read the body of a client that has gone. Thread-safe.
 */
public final class BodyClaim {
    private final ByteBudget budget;
    private long held; // this and the next one are guarded by this
    private boolean released;

    BodyClaim(ByteBudget budget) {
        this.budget = budget;
    }

    /** Returns the claim of a request. */
    static BodyClaim of(Request request, ByteBudget budget) {
        var claim = new BodyClaim(budget);
        Request.addCompletionListener(request, failure -> claim.release());
        return claim;
    }

    /**
     * Takes more bytes; none after the answer.
     *
     * @throws io.seawall.wal.RetryableException with code OVERLOADED if the budget has not so many
     */
    public synchronized void take(long bytes) {
        if (released) {
            return;
        }
        if (!budget.take(bytes)) {
            throw Problem.of(ErrorCode.OVERLOADED, "accept more of the body")
                    .found("too many bytes in the bodies of all requests")
                    .expected("at most " + HttpLimits.ALL_BODIES_BYTES + " bytes at once")
                    .fix("send the rest again, from the line that is named")
                    .exception();
        }
        held += bytes;
    }

    /** Gives bytes back that were taken. After the answer there are none left to give. */
    public synchronized void give(long bytes) {
        var given = Math.min(held, bytes);
        held -= given;
        budget.give(given);
    }

    synchronized void release() {
        released = true;
        budget.give(held);
        held = 0;
    }
}
