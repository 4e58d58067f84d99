package io.seawall.benchmarks.wire;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.seawall.api.v1.AppendBatch;
import io.seawall.api.v1.AppendOpen;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.AppendResponse;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.WalRecord;
import io.seawall.benchmarks.measure.AppendCallback;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Batches that are appended over one gRPC call, without the Java client: what the node's API can do. Answers come on the connection's
 * thread, in the order of the batches.
 */
final class GrpcBatches extends BatchTarget {
    private static final int LONGEST_WAIT_S = 60;

    private final NodeLogs logs;
    private final String log;
    private final ManagedChannel channel;
    private final Answers answers = new Answers();
    private final StreamObserver<AppendRequest> requests;

    private GrpcBatches(NodeLogs logs, String log, ManagedChannel channel, int records) {
        super(records);
        this.logs = logs;
        this.log = log;
        this.channel = channel;
        this.requests = LogServiceGrpc.newStub(channel).append(answers);
        requests.onNext(AppendRequest.newBuilder()
                .setOpen(AppendOpen.newBuilder().setPchannel(log))
                .build());
        answers.opened.orTimeout(LONGEST_WAIT_S, TimeUnit.SECONDS).join();
    }

    /** Returns a source of calls on new logs of a node, each with a connection of its own. */
    static Source source(WireNode node, NodeLogs logs, int records) {
        return topic -> open(node, logs, logs.create(topic), records);
    }

    /** Opens a call on a log that is there; closing it deletes the log. */
    static GrpcBatches open(WireNode node, NodeLogs logs, String log, int records) {
        return new GrpcBatches(logs, log, connect(node), records);
    }

    /** Returns a connection whose answers are handled by its own thread, as those of a producer are. */
    static ManagedChannel connect(WireNode node) {
        return ManagedChannelBuilder.forTarget(node.grpc())
                .usePlaintext()
                .directExecutor()
                .build();
    }

    @Override
    void send(List<byte[]> batch, AppendCallback answer) {
        var message = AppendBatch.newBuilder();
        for (var value : batch) {
            message.addRecords(WalRecord.newBuilder().setValue(UnsafeByteOperations.unsafeWrap(value)));
        }
        answers.expect(answer);
        requests.onNext(AppendRequest.newBuilder().setBatch(message).build());
    }

    @Override
    public void close() {
        requests.onCompleted();
        channel.shutdown();
        logs.delete(log);
        channel.shutdownNow();
    }

    /** Gives answers to those who wait for them. */
    private static final class Answers implements StreamObserver<AppendResponse> {
        private final CompletableFuture<Void> opened = new CompletableFuture<>();
        private final Queue<AppendCallback> expected = new ConcurrentLinkedQueue<>();
        private volatile @Nullable Throwable
                failure; // written by the connection's thread, read by the one that appends

        void expect(AppendCallback answer) {
            expected.add(answer);
            var ended = failure;
            if (ended != null) {
                failAll(ended);
            }
        }

        private void failAll(Throwable why) {
            for (var answer = expected.poll(); answer != null; answer = expected.poll()) {
                answer.on(why);
            }
        }

        @Override
        public void onNext(AppendResponse response) {
            if (response.hasOpened()) {
                opened.complete(null);
                return;
            }
            var answer = expected.poll();
            if (answer != null) {
                answer.on(
                        response.hasAck()
                                ? null
                                : new IllegalStateException(
                                        response.getProblem().getMessage()));
            }
        }

        @Override
        public void onError(Throwable why) {
            failure = why;
            opened.completeExceptionally(why);
            failAll(why);
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("the node ended the call"));
        }
    }
}
