package io.seawall.node.http.exchange;

import io.seawall.node.http.pace.PaceWatch;
import io.seawall.node.http.pace.SlowClients;
import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Collects a request's body without a waiting thread. Runs on Jetty's threads, one call at a time: Jetty calls again only
 * after a demand.
 */
final class BodyReader implements Runnable {
    private static final int FIRST_BYTES = 8 << 10;

    private final Request request;
    private final int maxBytes;
    private final ByteBudget budget;
    private final CompletableFuture<byte[]> done = new CompletableFuture<>();
    private final PaceWatch watch;
    private byte[] bytes = new byte[0];
    private int length;
    private volatile int received; // a copy of the length for the watch, which runs on another thread

    private BodyReader(Request request, int maxBytes, ByteBudget budget, SlowClients slow) {
        this.request = request;
        this.watch = slow.body(request, () -> received);
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /**
     * Reads the whole body.
     *
     * @param request the request; the bytes taken from the budget are returned when its answer is complete
     * @param maxBytes the size of the largest body
     * @param budget the bytes that all bodies together may take
     * @param slow ends a body that arrives too slowly
     * @return the body; fails with TOO_LARGE, OVERLOADED, the connection's error, or a TimeoutException
     */
    static CompletableFuture<byte[]> read(Request request, int maxBytes, ByteBudget budget, SlowClients slow) {
        var reader = new BodyReader(request, maxBytes, budget, slow);
        var announced = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        if (announced > maxBytes) {
            reader.done.completeExceptionally(reader.tooLarge(announced + " bytes"));
            return reader.done;
        }
        if (announced > 0 && !reader.grow((int) Math.min(announced, 1 << 20))) {
            return reader.done;
        }
        var unused = reader.done.whenComplete((body, failure) -> reader.watch.stop());
        reader.run();
        return reader.done;
    }

    @Override
    public void run() {
        while (true) {
            var chunk = request.read();
            if (chunk == null) {
                watch.start();
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                done.completeExceptionally(chunk.getFailure());
                return;
            }
            var taken = take(chunk);
            var last = chunk.isLast();
            chunk.release();
            if (!taken) {
                return;
            }
            if (last) {
                done.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
                return;
            }
        }
    }

    private boolean take(Content.Chunk chunk) {
        var more = chunk.remaining();
        if (more > maxBytes - length) {
            done.completeExceptionally(tooLarge("more than that"));
            return false;
        }
        if (length + more > bytes.length && !grow(length + more)) {
            return false;
        }
        chunk.getByteBuffer().get(bytes, length, more);
        length += more;
        received = length;
        return true;
    }

    private boolean grow(int needed) {
        var size = (int) Math.min(maxBytes, Math.max(needed, Math.max(FIRST_BYTES, bytes.length * 2L)));
        var more = size - bytes.length;
        if (!budget.take(more)) {
            done.completeExceptionally(Problem.of(ErrorCode.OVERLOADED, "accept the body")
                    .found("too many bytes in the bodies of other requests")
                    .expected("at most " + HttpLimits.ALL_BODIES_BYTES + " bytes at once")
                    .fix("try again")
                    .exception());
            return false;
        }
        Request.addCompletionListener(request, failure -> budget.give(more));
        bytes = Arrays.copyOf(bytes, size);
        return true;
    }

    private RuntimeException tooLarge(String found) {
        return Problem.of(ErrorCode.TOO_LARGE, "accept the body")
                .found(found)
                .expected("a body of at most " + maxBytes + " bytes")
                .with("limit", maxBytes)
                .exception();
    }
}
