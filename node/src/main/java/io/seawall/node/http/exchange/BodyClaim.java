package io.seawall.node.http.exchange;

import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Request;

/** What one stream holds of the budget of all bodies. What is left returns to it when the request is answered. Thread-safe. */
public final class BodyClaim {
    private final ByteBudget budget;
    private final AtomicLong held = new AtomicLong();

    BodyClaim(Request request, ByteBudget budget) {
        this.budget = budget;
        Request.addCompletionListener(request, failure -> release());
    }

    /**
     * Takes more bytes.
     *
     * @throws io.seawall.wal.RetryableException with code OVERLOADED if the budget has not so many
     */
    public void take(long bytes) {
        if (!budget.take(bytes)) {
            throw Problem.of(ErrorCode.OVERLOADED, "accept more of the body")
                    .found("too many bytes in the bodies of all requests")
                    .expected("at most " + HttpLimits.ALL_BODIES_BYTES + " bytes at once")
                    .fix("send the rest again, from the line that is named")
                    .exception();
        }
        held.addAndGet(bytes);
    }

    /** Gives bytes back that were taken. After the answer there are none left to give. */
    public void give(long bytes) {
        var before = held.getAndUpdate(now -> Math.max(0, now - bytes));
        var given = Math.min(before, bytes);
        budget.give(given);
    }

    private void release() {
        budget.give(held.getAndSet(0));
    }
}
