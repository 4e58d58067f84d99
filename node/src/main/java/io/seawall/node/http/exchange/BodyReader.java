package io.seawall.node.http.exchange;

import io.seawall.node.http.coding.Coding;
import io.seawall.node.http.pace.PaceWatch;
import io.seawall.node.http.pace.SlowClients;
import io.seawall.node.serve.ByteBudget;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Collects a request's body without a waiting thread, and unpacks it. Runs on Jetty's threads, one call at a time: Jetty calls again
 * only after a demand.
 */
final class BodyReader implements Runnable {
    private static final int FIRST_BYTES = 1 << 20;

    /** How much larger a body may be packed than unpacked. What cannot be compressed grows by less than a thousandth. */
    private static final int CODING_BYTES = 64 << 10;

    private final Request request;
    private final Coding coding;
    private final int maxBytes;
    private final ByteBudget budget;
    private final CompletableFuture<byte[]> done = new CompletableFuture<>();
    private final PaceWatch watch;
    private final BodyBuffer received;
    private volatile int length; // a copy of the length for the watch, which runs on another thread

    private BodyReader(Request request, Coding coding, int maxBytes, ByteBudget budget, SlowClients slow) {
        this.request = request;
        this.coding = coding;
        this.maxBytes = maxBytes;
        this.budget = budget;
        this.watch = slow.body(request, () -> length);
        received = coding == Coding.IDENTITY
                ? new BodyBuffer(request, maxBytes, budget, "")
                : new BodyBuffer(request, maxBytes + CODING_BYTES, budget, " in " + coding.token());
    }

    /**
     * Reads the whole body.
     *
     * @param request the request; the bytes taken from the budget are returned when its answer is complete
     * @param coding how the body is coded
     * @param maxBytes the size of the largest body, unpacked
     * @param budget the bytes that all bodies together may take, packed and unpacked
     * @param slow ends a body that arrives too slowly
     * @return the body; fails with INVALID if it cannot be unpacked, TOO_LARGE, OVERLOADED, the connection's error, or a
     *     TimeoutException
     */
    static CompletableFuture<byte[]> read(
            Request request, Coding coding, int maxBytes, ByteBudget budget, SlowClients slow) {
        var reader = new BodyReader(request, coding, maxBytes, budget, slow);
        var unused = reader.done.whenComplete((body, failure) -> reader.watch.stop());
        reader.begin();
        return reader.done;
    }

    private void begin() {
        var announced = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        var most = coding == Coding.IDENTITY ? maxBytes : maxBytes + CODING_BYTES;
        if (announced > most) {
            done.completeExceptionally(received.tooLarge(announced + " bytes"));
            return;
        }
        try {
            received.expect((int) Math.min(announced, FIRST_BYTES));
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
            return;
        }
        run();
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
            var last = chunk.isLast();
            try {
                received.append(chunk.getByteBuffer());
                length = received.length();
                if (last) {
                    done.complete(unpacked());
                }
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
                return;
            } finally {
                chunk.release();
            }
            if (last) {
                return;
            }
        }
    }

    private byte[] unpacked() {
        if (coding == Coding.IDENTITY) {
            return received.exact();
        }
        var out = new BodyBuffer(request, maxBytes, budget, " unpacked from " + coding.token());
        coding.unpack("accept the body", received.array(), received.length(), out);
        return out.exact();
    }
}
