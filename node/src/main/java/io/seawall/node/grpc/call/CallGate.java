package io.seawall.node.grpc.call;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Lets calls in up to a number, limits their messages, ends those whose messages do not come, and counts all of them. It is an
 * interceptor of every call and makes the tracer of every stream. Thread-safe.
 */
public final class CallGate extends ServerStreamTracer.Factory implements ServerInterceptor {
    private final int mostCalls;
    private final Set<String> largeMessages;
    private final Duration grace;
    private final long bytesPerSecond;
    private final MessageBudget budget;
    private final GrpcErrors errors;
    private final NodeMetrics metrics;
    private final LongSupplier nanoTime;
    private final AtomicInteger streams = new AtomicInteger();
    private final Set<Guarded<?, ?>> calls = ConcurrentHashMap.newKeySet();

    /**
     * The limits of calls.
     *
     * @param mostCalls how many calls the node serves at the same time
     * @param grace how long the first message of a call, and each later one that has begun, may take
     * @param bytesPerSecond the lowest rate after that
     */
    public record Limits(int mostCalls, Duration grace, long bytesPerSecond) {}

    /**
     * Creates a gate.
     *
     * @param limits the limits of calls
     * @param largeMessages the full names of the methods whose messages may be large, and which count them themselves
     * @param budget the bytes of all messages
     * @param errors translates errors
     * @param metrics counts calls
     * @param nanoTime a monotonic clock
     */
    public CallGate(
            Limits limits,
            Set<String> largeMessages,
            MessageBudget budget,
            GrpcErrors errors,
            NodeMetrics metrics,
            LongSupplier nanoTime) {
        this.mostCalls = limits.mostCalls();
        this.grace = limits.grace();
        this.bytesPerSecond = limits.bytesPerSecond();
        this.largeMessages = Set.copyOf(largeMessages);
        this.budget = budget;
        this.errors = errors;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        metrics.gauge("seawall.grpc.active", "gRPC calls that are not over", streams::get);
        metrics.gauge("seawall.grpc.batches.bytes", "bytes of messages that gRPC calls hold", budget::held);
    }

    /** A stream counts until it is over for its connection: what was sent to a client that reads nothing still takes memory. */
    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        streams.incrementAndGet();
        var most = largeMessages.contains(fullMethodName) ? GrpcLimits.MESSAGE_BYTES : GrpcLimits.SMALL_MESSAGE_BYTES;
        return new Inbound(budget, most, nanoTime, streams::decrementAndGet);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var inbound = Inbound.current();
        var guarded = new Guarded<>(call, inbound);
        if (streams.get() > mostCalls) {
            guarded.refuse(
                    "calls",
                    Problem.of(ErrorCode.OVERLOADED, "serve the call")
                            .found(mostCalls + " calls that are not over")
                            .expected("fewer calls at once (grpc.calls)")
                            .fix("try again"));
            return new ServerCall.Listener<>() {};
        }
        calls.add(guarded);
        inbound.stopWith(guarded);
        var listener = next.startCall(guarded, headers);
        return largeMessages.contains(call.getMethodDescriptor().getFullMethodName())
                ? new Ended<>(listener, guarded)
                : new Counted<>(listener, guarded);
    }

    /** Ends calls whose messages do not come. Called about once per second. */
    public void sweep() {
        for (var call : calls) {
            if (call.inbound.isSlow(grace.toMillis(), bytesPerSecond)) {
                // Not INVALID: a network that stalls passes, and clients have to come again.
                call.refuse(
                        "slow",
                        Problem.of(ErrorCode.UNAVAILABLE, "receive a message of the call")
                                .effect(Effect.UNKNOWN) // of earlier batches of the call
                                .found("less than " + bytesPerSecond + " bytes a second after " + grace.toMillis()
                                        + " ms")
                                .expected("a message that comes at once")
                                .fix("http.min.rate.bytes and http.min.rate.grace.ms set the limits"));
            } else if (call.inbound.isHeldUp(grace.toMillis())) {
                call.refuse(
                        "batches",
                        Problem.of(ErrorCode.OVERLOADED, "serve the call")
                                .found("no room for its first message in " + grace.toMillis() + " ms")
                                .expected("fewer bytes at once (grpc.batches.bytes)")
                                .fix("try again"));
            }
        }
    }

    /** A call that may be ended by the gate while its method answers. Thread-safe, as a call of gRPC is not. */
    private final class Guarded<Q, A> extends SimpleForwardingServerCall<Q, A> implements Inbound.Stop {
        private final Inbound inbound;
        private boolean ended; // guarded by this

        Guarded(ServerCall<Q, A> call, Inbound inbound) {
            super(call);
            this.inbound = inbound;
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!ended) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(A message) {
            if (!ended) {
                super.sendMessage(message);
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
                super.close(status, trailers);
            }
            over();
            metrics.call(
                    getMethodDescriptor().getFullMethodName(), status.getCode().name());
        }

        void over() {
            calls.remove(this);
        }

        /** The client or the connection has ended the call. */
        void cancelled() {
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
            }
            metrics.call(getMethodDescriptor().getFullMethodName(), Status.Code.CANCELLED.name());
        }

        void refuse(String limit, Problem problem) {
            metrics.limited(limit);
            var status = errors.toStatus(problem.exception());
            var trailers = status.getTrailers();
            close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        }

        @Override
        public void tooLarge(int mostBytes) {
            refuse(
                    "message",
                    Problem.of(ErrorCode.TOO_LARGE, "receive a message of the call")
                            .found("more than " + mostBytes + " bytes")
                            .expected("at most " + mostBytes)
                            .with("limit", mostBytes));
        }

        @Override
        public void overloaded() {
            refuse(
                    "batches",
                    Problem.of(ErrorCode.OVERLOADED, "receive a message of the call")
                            .effect(Effect.UNKNOWN)
                            .found("a node that is full of messages")
                            .expected("fewer bytes at once (grpc.batches.bytes)")
                            .fix("try again; earlier batches of the call without an answer may have been written"));
        }
    }

    /** Forgets the call when it is over, however it ended. */
    private static class Ended<Q> extends SimpleForwardingServerCallListener<Q> {
        private final CallGate.Guarded<?, ?> call;

        Ended(ServerCall.Listener<Q> listener, CallGate.Guarded<?, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onCancel() {
            call.over();
            call.cancelled();
            super.onCancel();
        }

        @Override
        public void onComplete() {
            call.over();
            super.onComplete();
        }
    }

    /** Ends the count of each message when the method gets it. */
    private static final class Counted<Q> extends Ended<Q> {
        private final Inbound inbound;

        Counted(ServerCall.Listener<Q> listener, CallGate.Guarded<?, ?> call) {
            super(listener, call);
            this.inbound = call.inbound;
        }

        @Override
        public void onMessage(Q message) {
            inbound.release(inbound.received(0));
            super.onMessage(message);
        }
    }
}
