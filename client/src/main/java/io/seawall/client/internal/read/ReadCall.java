package io.seawall.client.internal.read;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.ReadResponse;
import io.seawall.client.internal.rpc.AliasingReads;
import io.seawall.client.internal.rpc.CallFailure;
import io.seawall.client.internal.rpc.CallFailures;
import io.seawall.client.log.Effect;
import org.jspecify.annotations.Nullable;

/** One Read call. Decides nothing. Used by the client's thread. */
final class ReadCall {
    private final Responses responses;

    /** The events of a call, on the client's thread. */
    interface Events {
        /** The node sent a message. */
        void message(int call, ReadResponse message);

        /** The call is over; without a failure if the node ended it. */
        void ended(int call, @Nullable CallFailure failure);
    }

    /**
     * Begins a call; its first event is later, never within this method.
     *
     * @param messages how many messages to ask for
     */
    ReadCall(int number, Channel channel, ReadRequest request, int messages, Events events) {
        this.responses = new Responses(number, request.getPchannel(), messages, events);
        ClientCalls.asyncServerStreamingCall(
                channel.newCall(AliasingReads.method(), CallOptions.DEFAULT), request, responses);
    }

    void request() {
        responses.stream().request(1);
    }

    void cancel() {
        responses.stream().cancel("the reader does not use this call any more", null);
    }

    private static final class Responses implements ClientResponseObserver<ReadRequest, ReadResponse> {
        private final int number;
        private final String pchannel;
        private final int messages;
        private final Events events;
        private @Nullable ClientCallStreamObserver<ReadRequest> stream;

        Responses(int number, String pchannel, int messages, Events events) {
            this.number = number;
            this.pchannel = pchannel;
            this.messages = messages;
            this.events = events;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ReadRequest> started) {
            started.disableAutoRequestWithInitial(messages);
            stream = started;
        }

        ClientCallStreamObserver<ReadRequest> stream() {
            if (stream == null) {
                throw new IllegalStateException("gRPC did not start the call");
            }
            return stream;
        }

        @Override
        public void onNext(ReadResponse message) {
            events.message(number, message);
        }

        @Override
        public void onError(Throwable thrown) {
            var status = Status.fromThrowable(thrown);
            var trailers = thrown instanceof StatusRuntimeException ofGrpc ? ofGrpc.getTrailers() : null;
            events.ended(number, CallFailures.of("read " + pchannel, pchannel, status, trailers, Effect.NONE));
        }

        @Override
        public void onCompleted() {
            events.ended(number, null);
        }
    }
}
