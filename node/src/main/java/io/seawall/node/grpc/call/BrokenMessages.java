package io.seawall.node.grpc.call;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.io.InputStream;

/** Answers bytes that are no message of a method with INVALID. By itself, gRPC answers them with UNKNOWN. Stateless. */
public final class BrokenMessages {
    private BrokenMessages() {}

    /** Stands for bytes that cannot be read. */
    private enum Broken {
        MESSAGE
    }

    /** Returns the same method, which gets only messages that could be read. */
    public static <Q, A> ServerMethodDefinition<?, A> guarded(ServerMethodDefinition<Q, A> method, GrpcErrors errors) {
        var original = method.getMethodDescriptor();
        var type = original.getFullMethodName();
        MethodDescriptor<Object, A> descriptor = original.toBuilder(
                        new OrBroken<>(original.getRequestMarshaller()), original.getResponseMarshaller())
                .build();
        return ServerMethodDefinition.create(descriptor, (call, headers) -> {
            @SuppressWarnings("unchecked") // a call has requests in its descriptor only
            var same = (ServerCall<Q, A>) (ServerCall<?, A>) call;
            return new Guard<>(method.getServerCallHandler().startCall(same, headers), call, errors, type);
        });
    }

    /** Reads a message, or returns {@link Broken}. */
    private record OrBroken<Q>(MethodDescriptor.Marshaller<Q> messages) implements MethodDescriptor.Marshaller<Object> {
        @Override
        public InputStream stream(Object value) {
            throw new UnsupportedOperationException("a server reads requests only");
        }

        @Override
        public Object parse(InputStream stream) {
            try {
                return messages.parse(stream);
            } catch (RuntimeException unreadable) { // generated classes throw a status for it
                return Broken.MESSAGE;
            }
        }
    }

    /** Passes on what happens to a call until a message of it is broken. */
    private static final class Guard<Q, A> extends ServerCall.Listener<Object> {
        private final ServerCall.Listener<Q> listener;
        private final ServerCall<Object, A> call;
        private final GrpcErrors errors;
        private final String method;
        private boolean isBroken;

        Guard(ServerCall.Listener<Q> listener, ServerCall<Object, A> call, GrpcErrors errors, String method) {
            this.listener = listener;
            this.call = call;
            this.errors = errors;
            this.method = method;
        }

        @Override
        @SuppressWarnings("unchecked") // what is not broken was read by the method's own marshaller
        public void onMessage(Object message) {
            if (message != Broken.MESSAGE) {
                listener.onMessage((Q) message);
                return;
            }
            isBroken = true;
            var status = errors.toStatus(Problem.of(ErrorCode.INVALID, "call " + method)
                    .found("bytes that are no message of that method")
                    .expected("a message as the protos in api/src/main/proto describe it")
                    .exception());
            var trailers = status.getTrailers();
            call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        }

        @Override
        public void onHalfClose() {
            if (!isBroken) {
                listener.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            listener.onCancel();
        }

        @Override
        public void onComplete() {
            listener.onComplete();
        }

        @Override
        public void onReady() {
            if (!isBroken) {
                listener.onReady();
            }
        }
    }
}
