package io.seawall.client.internal.admin;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.seawall.client.internal.rpc.CallFailure;
import io.seawall.client.internal.rpc.CallFailures;
import io.seawall.client.internal.rpc.Channels;
import io.seawall.client.internal.rpc.ClientThreads;
import io.seawall.client.internal.rpc.Route;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.SeawallException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. A request that fails for a time goes to another node, or to the owner that a node names, until the
 * time is over; so it has to be one that may be repeated. Used by the client's thread.
 */
final class UnaryCall<Q, A> {
    private final ClientThreads threads;
    private final Channels channels;
    private final Route route;
    private final MethodDescriptor<Q, A> method;
    private final Q request;
    private final Subject subject;
    private final long endMs;
    private final CompletableFuture<A> answer = new CompletableFuture<>();

    /**
     * What a request is about, for errors.
     *
     * @param operation what is attempted, as a phrase that fits after "cannot"
     * @param pchannel the log, or null
     * @param unsaid the effect of a request whose answer is lost
     */
    record Subject(String operation, @Nullable String pchannel, Effect unsaid) {}

    UnaryCall(
            ClientThreads threads,
            Channels channels,
            Route route,
            MethodDescriptor<Q, A> method,
            Q request,
            Subject subject,
            long endMs) {
        this.threads = threads;
        this.channels = channels;
        this.route = route;
        this.method = method;
        this.request = request;
        this.subject = subject;
        this.endMs = endMs;
    }

    CompletableFuture<A> answer() {
        return answer;
    }

    void attempt() {
        try {
            var options =
                    CallOptions.DEFAULT.withDeadlineAfter(Math.max(1, endMs - threads.nowMs()), TimeUnit.MILLISECONDS);
            ClientCalls.asyncUnaryCall(channels.to(route.address()).newCall(method, options), request, new Answers());
        } catch (RuntimeException failed) { // an address that is no address
            failed(CallFailure.unavailable("cannot " + subject.operation() + " at " + route.address() + ": " + failed));
        }
    }

    private void failed(CallFailure failure) {
        if (!failure.passes()) {
            answer.completeExceptionally(failure.error());
            return;
        }
        var pauseMs = route.failed(failure);
        if (threads.nowMs() + pauseMs >= endMs) {
            answer.completeExceptionally(late(failure.error()));
        } else if (pauseMs == 0) {
            attempt();
        } else {
            var ignored = threads.after(pauseMs, this::attempt);
        }
    }

    private SeawallException late(SeawallException last) {
        return SeawallException.of(
                        last.is(Codes.OVERLOADED) ? Codes.OVERLOADED : Codes.UNAVAILABLE,
                        "cannot " + subject.operation() + ": the time is over; the last failure was: "
                                + last.getMessage())
                .effect(last.effect())
                .pchannel(subject.pchannel())
                .cause(last)
                .build();
    }

    private final class Answers implements StreamObserver<A> {
        private @Nullable A value;

        @Override
        public void onNext(A message) {
            value = message;
        }

        @Override
        public void onError(Throwable thrown) {
            var trailers = thrown instanceof StatusRuntimeException ofGrpc ? ofGrpc.getTrailers() : null;
            failed(CallFailures.of(
                    subject.operation(), subject.pchannel(), Status.fromThrowable(thrown), trailers, subject.unsaid()));
        }

        @Override
        public void onCompleted() {
            if (value == null) {
                failed(CallFailure.unavailable("cannot " + subject.operation() + ": the node gave no answer"));
            } else {
                answer.complete(value);
            }
        }
    }
}
