package io.seawall.client.internal.write;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.seawall.api.v1.AppendBatch;
import io.seawall.api.v1.AppendOpen;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.AppendResponse;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.client.internal.rpc.CallFailure;
import io.seawall.client.internal.rpc.CallFailures;
import io.seawall.client.log.Ack;
import io.seawall.client.log.Effect;
import io.seawall.client.log.SeawallException;
import org.jspecify.annotations.Nullable;

/** One Append call. Translates messages to events of the machine and back; decides nothing. Used by the client's thread. */
final class AppendCall {
    private final int number;
    private final String pchannel;
    private final @Nullable String session;
    private final ClientCallStreamObserver<AppendRequest> requests;
    private boolean cancelled;

    /** The events of a call, on the client's thread. */
    interface Events {
        /** The node has the log open. */
        void opened(int call, CallLimits limits);

        /** The oldest batch in flight is written. */
        void acknowledged(int call, Ack ack);

        /** The oldest batch in flight is refused. */
        void refused(int call, SeawallException problem);

        /** The call is over. */
        void ended(int call, CallFailure failure);
    }

    /** Begins a call; its first event is later, never within this method. */
    AppendCall(int number, Channel channel, String pchannel, @Nullable String session, Events events) {
        this.number = number;
        this.pchannel = pchannel;
        this.session = session;
        var responses = new Responses(events);
        ClientCalls.asyncBidiStreamingCall(
                channel.newCall(LogServiceGrpc.getAppendMethod(), CallOptions.DEFAULT), responses);
        this.requests = responses.requests();
        var open = AppendOpen.newBuilder().setPchannel(pchannel);
        if (session != null) {
            open.setWriterId(session);
        }
        requests.onNext(AppendRequest.newBuilder().setOpen(open).build());
    }

    /**
     * Sends a batch. gRPC holds it until the connection takes it; at most five are on their way. On a call that was cancelled, whose
     * end is on its way, it sends nothing.
     */
    void send(Batch batch, long seq) {
        if (cancelled) {
            return;
        }
        var message = AppendBatch.newBuilder().addAllRecords(batch.allRecords());
        var ifTail = batch.ifTail();
        if (ifTail != null) {
            message.setIfTail(ifTail);
        }
        if (session != null) {
            message.setSeq(seq);
        }
        requests.onNext(AppendRequest.newBuilder().setBatch(message).build());
    }

    void cancel() {
        cancel("the writer does not use this call any more");
    }

    private void cancel(String why) {
        cancelled = true;
        requests.cancel(why, null);
    }

    private final class Responses implements ClientResponseObserver<AppendRequest, AppendResponse> {
        private final Events events;
        private @Nullable ClientCallStreamObserver<AppendRequest> requests;

        Responses(Events events) {
            this.events = events;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<AppendRequest> stream) {
            requests = stream;
        }

        ClientCallStreamObserver<AppendRequest> requests() {
            if (requests == null) {
                throw new IllegalStateException("gRPC did not start the call");
            }
            return requests;
        }

        @Override
        public void onNext(AppendResponse message) {
            switch (message.getKindCase()) {
                case OPENED -> {
                    var opened = message.getOpened();
                    events.opened(
                            number,
                            new CallLimits(
                                    opened.getMaxRecordBytes(),
                                    opened.getMaxBatchBytes(),
                                    opened.getMaxMessageBytes()));
                }
                case ACK -> {
                    var ack = message.getAck();
                    events.acknowledged(
                            number, new Ack(ack.getTerm(), ack.getFirst(), ack.getLast(), ack.getRepeated()));
                }
                case PROBLEM -> events.refused(number, CallFailures.of(message.getProblem(), pchannel));
                case KIND_NOT_SET -> cancel("the node sent a message of a later version that answers nothing known");
            }
        }

        @Override
        public void onError(Throwable thrown) {
            var status = Status.fromThrowable(thrown);
            var trailers = thrown instanceof StatusRuntimeException ofGrpc ? ofGrpc.getTrailers() : new Metadata();
            events.ended(number, CallFailures.of("append to " + pchannel, pchannel, status, trailers, Effect.UNKNOWN));
        }

        @Override
        public void onCompleted() {
            events.ended(
                    number,
                    CallFailure.unavailable(
                            "cannot append to " + pchannel + ": the node ended the call without an error"));
        }
    }
}
