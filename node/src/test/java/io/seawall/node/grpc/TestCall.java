package io.seawall.node.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A call whose client asks for each message itself. */
final class TestCall<Q, A> {
    private static final long PATIENCE_SECONDS = 20;

    final ClientCall<Q, A> call;
    private final BlockingQueue<A> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<StatusRuntimeException> end = new CompletableFuture<>();

    TestCall(Channel channel, MethodDescriptor<Q, A> method) {
        call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(A message) {
                        messages.add(message);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status.asRuntimeException(trailers));
                    }
                },
                new Metadata());
    }

    TestCall<Q, A> send(Q message) {
        call.sendMessage(message);
        return this;
    }

    /** Asks for a message and waits for it. */
    A next() throws Exception {
        call.request(1);
        var message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message, and the call is " + (end.isDone() ? end.join() : "not over"));
        }
        return message;
    }

    boolean hasMessage() {
        return !messages.isEmpty();
    }

    /** Waits for the status of the call. */
    StatusRuntimeException end() throws Exception {
        return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    boolean isOver() {
        return end.isDone();
    }
}
