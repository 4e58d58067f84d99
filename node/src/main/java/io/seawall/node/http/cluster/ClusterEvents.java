package io.seawall.node.http.cluster;

import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.ProblemJson;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Streams changes of the cluster as server-sent events without an end: first {@code event: state} with everything, then each
 * change. They have no ids, since a client that comes again gets the state again. Sends a comment from time to time, which also
 * detects clients that are gone. Blocks a thread of its pool.
 */
public final class ClusterEvents {
    static final String EVENTS = "text/event-stream";
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long WAIT_MS = 500;
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final ClusterAccess access;
    private final NodeMetrics metrics;
    private final BooleanSupplier stopping;
    private final LongSupplier nanoTime;
    private final Duration commentEvery;

    /**
     * Creates the streams.
     *
     * @param stopping whether the node stops
     * @param nanoTime a monotonic clock in nanoseconds
     * @param commentEvery the time between two comments
     */
    public ClusterEvents(
            ClusterAccess access,
            NodeMetrics metrics,
            BooleanSupplier stopping,
            LongSupplier nanoTime,
            Duration commentEvery) {
        this.access = access;
        this.metrics = metrics;
        this.stopping = stopping;
        this.nanoTime = nanoTime;
        this.commentEvery = commentEvery;
        metrics.gauge(
                "seawall.cluster.event.clients", "clients that follow the cluster's events", access.feed()::clients);
    }

    /** Serves until the client disconnects or falls behind, or the node stops. */
    void serve(Exchange exchange) {
        var queue = access.feed().subscribe();
        try {
            var out = new BufferedOutputStream(exchange.stream(200, EVENTS + ";charset=utf-8"), BUFFER_BYTES);
            var view = queue.start();
            ClusterEvent.of(
                            "state",
                            json -> ClusterJson.write(json, view, access.feed().since(view), true))
                    .writeTo(out);
            out.flush();
            if (!exchange.isHead()) { // the answer to HEAD ends
                followOrSayWhyNot(exchange, queue, out);
            }
            exchange.end(out);
        } catch (IOException e) {
            exchange.fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.fail(exchange.problem(ErrorCode.SHUTTING_DOWN)
                    .found("the end of the node")
                    .cause(e)
                    .exception());
        } finally {
            access.feed().unsubscribe(queue);
        }
    }

    private void followOrSayWhyNot(Exchange exchange, EventQueue queue, OutputStream out)
            throws IOException, InterruptedException {
        try {
            follow(exchange, queue, out);
        } catch (WalException refused) {
            error(exchange, refused).writeTo(out);
            out.flush();
        }
    }

    private void follow(Exchange exchange, EventQueue queue, OutputStream out)
            throws IOException, InterruptedException {
        var sentNanos = nanoTime.getAsLong();
        var unflushed = false;
        while (!stopping.getAsBoolean() && !queue.isOverflown()) {
            exchange.session().check();
            var event = queue.poll(unflushed ? 0 : WAIT_MS);
            if (event != null) {
                event.writeTo(out);
                unflushed = true;
            } else if (unflushed || nanoTime.getAsLong() - sentNanos >= commentEvery.toNanos()) {
                if (!unflushed) {
                    out.write(COMMENT);
                }
                out.flush();
                unflushed = false;
                sentNanos = nanoTime.getAsLong();
            }
        }
        if (queue.isOverflown()) {
            metrics.slow("events");
            tooSlow(exchange).writeTo(out);
            out.flush();
        }
    }

    private static ClusterEvent tooSlow(Exchange exchange) {
        var problem = exchange.problem(ErrorCode.OVERLOADED)
                .found("a client that is more than " + ClusterFeed.MOST_EVENTS + " events behind")
                .expected("a client that reads them")
                .fix("connect again: the first event is the whole state")
                .exception();
        return error(exchange, problem);
    }

    private static ClusterEvent error(Exchange exchange, WalException why) {
        return ClusterEvent.of("error", json -> ProblemJson.write(json, exchange.failure(why)));
    }
}
