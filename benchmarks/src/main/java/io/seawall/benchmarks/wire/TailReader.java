package io.seawall.benchmarks.wire;

import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.seawall.api.v1.Edge;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.ReadResponse;
import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.OpenLoop;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * A reader at the tail of a log, over gRPC on a connection of its own. Records come on the connection's thread; other
 * threads may read the figures.
 */
final class TailReader implements ClientResponseObserver<ReadRequest, ReadResponse>, AutoCloseable {
    private final ManagedChannel channel;
    private final Clock clock;
    private final boolean stalls;
    private final CompletableFuture<Long> start = new CompletableFuture<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final ConcurrentHistogram delivery = Latency.histogram();
    private volatile @Nullable OpenLoop
            loop; // set before the first record is appended, read by the connection's thread
    private volatile long received; // written by the connection's thread
    private long first;

    private TailReader(ManagedChannel channel, Clock clock, boolean stalls) {
        this.channel = channel;
        this.clock = clock;
        this.stalls = stalls;
    }

    /**
     * Opens a reader.
     *
     * @param stalls whether it takes the first message, which has no records, and then nothing
     */
    static TailReader open(WireNode node, String log, Clock clock, boolean stalls) {
        var reader = new TailReader(GrpcBatches.connect(node), clock, stalls);
        LogServiceGrpc.newStub(reader.channel)
                .read(
                        ReadRequest.newBuilder()
                                .setPchannel(log)
                                .setEdge(Edge.EDGE_TAIL)
                                .build(),
                        reader);
        return reader;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ReadRequest> call) {
        if (stalls) {
            call.disableAutoRequestWithInitial(1);
        }
    }

    /** Completes with the LSN from which on it gets every record. */
    CompletableFuture<Long> start() {
        return start;
    }

    /** Expects these records, which are about to be appended. */
    void expect(OpenLoop records) {
        loop = records;
    }

    /** Completes when it has all records that it expects; fails if the call ends before that. */
    CompletableFuture<Void> done() {
        return done;
    }

    long received() {
        return received;
    }

    /** Returns the times from when a record was due until it was received, in nanoseconds. */
    ConcurrentHistogram delivery() {
        return delivery;
    }

    @Override
    public void onNext(ReadResponse message) {
        if (!start.isDone()) {
            first = message.getNext() - message.getRecordsCount();
            start.complete(message.getNext());
        }
        var expected = loop;
        if (message.getRecordsCount() == 0 || expected == null) {
            return;
        }
        var now = clock.nanos();
        var count = received;
        for (var record : message.getRecordsList()) {
            if (record.getLsn() != first + count) {
                fail(new IllegalStateException("found LSN " + record.getLsn() + ", expected " + (first + count)));
                return;
            }
            delivery.recordValue(Math.max(0, now - expected.due(count)));
            count++;
        }
        received = count;
        if (count >= expected.count()) {
            done.complete(null);
        }
    }

    private void fail(Throwable why) {
        start.completeExceptionally(why);
        done.completeExceptionally(why);
    }

    @Override
    public void onError(Throwable why) {
        fail(why);
    }

    @Override
    public void onCompleted() {
        fail(new IllegalStateException("the node ended the call"));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
