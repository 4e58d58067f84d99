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
 * time is over; so it has to be one that may be repeated. An attempt has a part of the time only, as a node that does not answer at
 * all would otherwise take it all; once that is over, the next one has twice as much, since some requests do take long. Used by
 * the client's thread.
 */
final class UnaryCall<Q, A> {
    /** The time of the first attempt: this part of the whole, and no more than so long. */
    private static final int FIRST_PART = 3;

    private static final long FIRST_MOST_MS = 10_000;
    private static final long MOST_MS = TimeUnit.DAYS.toMillis(1);

    private final ClientThreads threads;
    private final Channels channels;
    private final Route route;
    private final MethodDescriptor<Q, A> method;
    private final Q request;
    private final Subject subject;
    private final long endMs;
    private final CompletableFuture<A> answer;
    private long attemptMs;

    /**
     * What a request is about, for errors.
     *
     * @param operation what is attempted, as a phrase that fits after "cannot"
     * @param pchannel the log, or null
     * @param unsaid the effect of a request whose answer is lost
     */
    record Subject(String operation, @Nullable String pchannel, Effect unsaid) {}

    /**
     * Creates a request that is not sent.
     *
     * @param endMs when it is given up
     * @param answer gets the answer or the error; once it is completed by anybody, nothing is attempted any more
     */
    UnaryCall(
            ClientThreads threads,
            Channels channels,
            Route route,
            MethodDescriptor<Q, A> method,
            Q request,
            Subject subject,
            long endMs,
            CompletableFuture<A> answer) {
        this.threads = threads;
        this.channels = channels;
        this.route = route;
        this.method = method;
        this.request = request;
        this.subject = subject;
        this.endMs = endMs;
        this.answer = answer;
        this.attemptMs = Math.min(FIRST_MOST_MS, (endMs - threads.nowMs()) / FIRST_PART);
    }

    void attempt() {
        if (answer.isDone()) {
            return;
        }
        try {
            var limitMs = Math.max(1, Math.min(attemptMs, endMs - threads.nowMs()));
            var options = CallOptions.DEFAULT.withDeadlineAfter(limitMs, TimeUnit.MILLISECONDS);
            ClientCalls.asyncUnaryCall(channels.to(route.address()).newCall(method, options), request, new Answers());
        } catch (RuntimeException failed) { // an address that is no address
            failed(CallFailure.unavailable("cannot " + subject.operation() + " at " + route.address() + ": " + failed));
        }
    }

    private void failed(CallFailure failure) {
        if (answer.isDone()) {
            return;
        }
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
            var status = Status.fromThrowable(thrown);
            if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
                attemptMs = Math.min(2 * attemptMs, MOST_MS);
            }
            failed(CallFailures.of(subject.operation(), subject.pchannel(), status, trailers, subject.unsaid()));
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
