package io.seawall.node.grpc;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.seawall.api.v1.AppendBatch;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.WalRecord;
import io.seawall.node.grpc.append.Appends;
import io.seawall.node.grpc.call.CallGate;
import io.seawall.node.grpc.read.Reads;
import io.seawall.node.guard.AccessGuard;
import io.seawall.node.http.FakeNodeLogs;
import io.seawall.node.http.StubNode;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.Owners;
import io.seawall.node.tail.TailLimits;
import io.seawall.node.tail.Tails;
import io.seawall.node.tls.ServerTls;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A server on a free port of 127.0.0.1 over a fake node with the topic {@code orders}, and a client of it. */
final class GrpcFixture implements AutoCloseable {
    static final PChannel ORDERS = new PChannel("orders", 0);
    static final int RECORD_MAX_BYTES = 1 << 20;
    private static final int CLIENT_WINDOW_BYTES = 64 << 10;
    static final GrpcSettings.Connections CONNECTIONS = new GrpcSettings.Connections(64, 40);
    static final Duration GRACE = Duration.ofSeconds(10);

    final StubNode node = new StubNode();
    final NodeMetrics metrics = new NodeMetrics(node::local);
    private final Tails tails;
    final GrpcServer server;
    final ManagedChannel channel;
    private final AtomicLong ahead = new AtomicLong();
    private final List<ManagedChannel> others = new ArrayList<>();

    GrpcFixture() {
        this(settings(64, 32), Optional.empty());
    }

    GrpcFixture(Owners owners) {
        this(settings(64, 32), Optional.of(owners));
    }

    GrpcFixture(GrpcSettings settings, Optional<Owners> owners) {
        this(settings, owners, Optional.empty(), Optional.empty());
    }

    /** Creates a server for callers of an access file; with TLS if that is given. */
    GrpcFixture(AccessGuard guard, Optional<ServerTls> tls) {
        this(settings(64, 32), Optional.empty(), tls, Optional.of(guard));
    }

    /** Creates a server with TLS; {@link #channel}, which has none, is of no use. */
    GrpcFixture(ServerTls tls) {
        this(settings(64, 32), Optional.empty(), Optional.of(tls), Optional.empty());
    }

    private GrpcFixture(
            GrpcSettings settings, Optional<Owners> owners, Optional<ServerTls> tls, Optional<AccessGuard> access) {
        access.ifPresent(guard -> guard.bind(metrics));
        LongSupplier nanoTime = () -> System.nanoTime() + ahead.get();
        tails = new Tails(node.logs, new TailLimits(8, 1 << 20, Duration.ZERO), metrics, nanoTime);
        server = new GrpcServer(
                settings,
                new GrpcPorts(node, node, node, tails, node, owners, tls, access),
                metrics,
                nanoTime,
                new SplittableRandom(1),
                new Reads.Times(Duration.ofMillis(300), Duration.ofSeconds(60)));
        node.create(TopicSpec.of("orders", 2).withReplicationFactor(1));
        server.start();
        channel = connect();
        others.add(channel);
    }

    static GrpcSettings settings(int calls, int readers) {
        return new GrpcSettings(
                "127.0.0.1",
                0,
                new Appends.Sizes(RECORD_MAX_BYTES, 4 << 20),
                new CallGate.Limits(calls, GRACE, 1 << 10),
                CONNECTIONS,
                readers,
                64 << 20);
    }

    /** Opens another connection. */
    ManagedChannel connect() {
        var connection = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .flowControlWindow(CLIENT_WINDOW_BYTES) // or the client would take much for callers that read nothing
                .build();
        others.add(connection);
        return connection;
    }

    LogServiceGrpc.LogServiceBlockingStub logs() {
        return LogServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    FakeNodeLogs.FakeLog log() {
        return node.logs.log(ORDERS);
    }

    /** Appends to the log itself. */
    void append(io.seawall.wal.WalRecord record) {
        log().append(record).join();
    }

    void append(byte[] value) {
        append(io.seawall.wal.WalRecord.of(value));
    }

    /** Advances the server's monotonic clock. */
    void forward(Duration by) {
        ahead.addAndGet(by.toNanos());
    }

    static AppendBatch batch(String... values) {
        var batch = AppendBatch.newBuilder();
        for (var value : values) {
            batch.addRecords(WalRecord.newBuilder().setValue(ByteString.copyFromUtf8(value)));
        }
        return batch.build();
    }

    static AppendBatch batchOf(int bytes) {
        return AppendBatch.newBuilder()
                .addRecords(WalRecord.newBuilder().setValue(ByteString.copyFrom(new byte[bytes])))
                .build();
    }

    /** Returns the ErrorInfo of a status. */
    static ErrorInfo info(StatusRuntimeException status) {
        try {
            var details = StatusProto.fromThrowable(status);
            if (details == null || details.getDetailsCount() == 0) {
                throw new AssertionError("no details", status);
            }
            return details.getDetails(0).unpack(ErrorInfo.class);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        others.forEach(ManagedChannel::shutdownNow);
        server.close();
        tails.close();
        metrics.close();
    }
}
