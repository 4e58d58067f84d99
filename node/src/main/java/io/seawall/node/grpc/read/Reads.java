package io.seawall.node.grpc.read;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadRequest;
import io.seawall.node.grpc.call.BlockingWork;
import io.seawall.node.grpc.call.GrpcErrors;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.tail.Tails;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** All calls that read, and what they use. Thread-safe. */
public final class Reads implements AutoCloseable {
    private final Tails tails;
    private final Times times;
    private final int most;
    private final GrpcErrors errors;
    private final NodeMetrics metrics;
    private final LongSupplier nanoTime;
    private final BlockingWork pool;
    private final Set<ReadCall> calls = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean stopping; // written by stop, read by any thread

    /**
     * How long calls wait.
     *
     * @param signOfLife the longest time between two messages of a call
     * @param stall how long a client may take nothing
     */
    public record Times(Duration signOfLife, Duration stall) {}

    /**
     * Creates the method.
     *
     * @param tails reads any log, and shares its tail; not closed by this
     * @param most the most calls; each that is not at the tail needs a thread
     * @param times how long calls wait
     * @param errors translates errors
     * @param metrics counts records and refused calls
     * @param nanoTime a monotonic clock
     */
    public Reads(Tails tails, int most, Times times, GrpcErrors errors, NodeMetrics metrics, LongSupplier nanoTime) {
        this.tails = tails;
        this.most = most;
        this.times = times;
        this.errors = errors;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        // A call that ends still has its thread for a moment when the next one begins.
        this.pool = new BlockingWork("readers", 2 * most, 0, metrics);
        metrics.gauge("seawall.grpc.readers", "gRPC calls that read", count::get);
    }

    /** Returns the method. */
    public ServerMethodDefinition<?, ?> method() {
        var generated = LogServiceGrpc.getReadMethod();
        MethodDescriptor<ReadRequest, ReadMessage> method = generated.toBuilder(
                        generated.getRequestMarshaller(), ReadMessage.MARSHALLER)
                .build();
        return ServerMethodDefinition.create(method, (call, headers) -> {
            if (count.incrementAndGet() > most) {
                count.decrementAndGet();
                metrics.limited("readers");
                var status = errors.toStatus(Problem.of(ErrorCode.OVERLOADED, "read")
                        .found(most + " calls that read")
                        .expected("fewer at once (grpc.readers)")
                        .fix("try again, or read from another node")
                        .exception());
                var trailers = status.getTrailers();
                call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
                return new ServerCall.Listener<>() {};
            }
            var reading = new ReadCall(call, this);
            calls.add(reading);
            reading.start();
            return reading;
        });
    }

    Cursor open(Reading reading, Runnable changed) {
        return Cursor.open(tails, reading, nanoTime, times.signOfLife(), changed);
    }

    void count(PChannel pchannel, int records) {
        metrics.read(pchannel, records);
    }

    void countStalled() {
        metrics.limited("stalled");
    }

    void remove(ReadCall call) {
        if (calls.remove(call)) {
            count.decrementAndGet();
        }
    }

    Tails tails() {
        return tails;
    }

    /** Returns the threads of calls that are not at the tail. */
    BlockingWork pool() {
        return pool;
    }

    GrpcErrors errors() {
        return errors;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    Duration stall() {
        return times.stall();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Ends calls whose clients take nothing. Called about once per second. */
    public void sweep() {
        calls.forEach(ReadCall::check);
    }

    /** Lets all calls end. */
    public void stop() {
        stopping = true;
        calls.forEach(ReadCall::stop);
    }

    /** Ends the threads. */
    @Override
    public void close() {
        pool.close();
    }
}
