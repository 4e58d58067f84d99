package io.seawall.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.seawall.api.v1.AppendBatch;
import io.seawall.api.v1.AppendOpen;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.AppendResponse;
import io.seawall.api.v1.Edge;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.ReadResponse;
import io.seawall.api.v1.WalRecord;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hundred gRPC readers at the tail of one log, of which one stalls, on a real node and a real broker. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TailReadersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int READERS = 100;
    private static final int BATCH = 10;
    private static final int ROUND = 5;
    private static final int RECORDS = BATCH + 8 * ROUND * BATCH;
    private static final int VALUE_BYTES = 4_000;
    private static final int WINDOW_BYTES = 64 << 10;

    @TempDir
    private static Path folder;

    private static TestKafka kafka;
    private static NodeProcess node;
    private static ManagedChannel channel;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        kafka = TestKafka.start();
        node = NodeProcess.start(Spec.of(
                "n1",
                kafka.bootstrapServers(),
                folder.resolve("n1"),
                "mode=manual",
                "prefix=" + kafka.prefix(),
                "flush.enabled=false",
                "reads.tail.bytes=1MiB")); // less than the test appends, so that a reader that stalls falls behind
        var address = node.grpc().split(":", 2);
        channel = NettyChannelBuilder.forAddress(address[0], Integer.parseInt(address[1]))
                .usePlaintext()
                .flowControlWindow(WINDOW_BYTES) // or the client would take much for the call that reads nothing
                .build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        node.close();
        kafka.close();
    }

    /** A call that counts the records it got and checks their order. */
    private static final class Reader extends ClientCall.Listener<ReadResponse> {
        private final ClientCall<ReadRequest, ReadResponse> call =
                channel.newCall(LogServiceGrpc.getReadMethod(), CallOptions.DEFAULT);
        private final AtomicLong next = new AtomicLong();
        private final CompletableFuture<Void> began = new CompletableFuture<>();
        private volatile @Nullable String wrong; // written by gRPC, read by the test
        private volatile boolean stalls; // written by the test, read by gRPC

        Reader(String pchannel) {
            call.start(this, new Metadata());
            call.sendMessage(ReadRequest.newBuilder()
                    .setPchannel(pchannel)
                    .setEdge(Edge.EDGE_TAIL)
                    .build());
            call.halfClose();
            call.request(1);
        }

        @Override
        public void onMessage(ReadResponse message) {
            for (var record : message.getRecordsList()) {
                var expected = next.getAndIncrement();
                if (record.getLsn() != expected || record.getValue().size() != VALUE_BYTES) {
                    wrong = "LSN " + record.getLsn() + " in place of " + expected;
                }
            }
            began.complete(null);
            if (!stalls) {
                call.request(1);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            wrong = "the call ended with " + status;
        }
    }

    /** Returns a meter of the node. */
    private double meter(String name) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(node.url() + "/metrics"))
                .timeout(PATIENCE)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no meter " + name));
    }

    private static List<Reader> readers(String pchannel, int count) throws Exception {
        var readers = new ArrayList<Reader>();
        for (var at = 0; at < count; at++) {
            var reader = new Reader(pchannel);
            reader.began.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            readers.add(reader);
        }
        return readers;
    }

    /** Appends batches of ten, each after the one before was acknowledged. */
    private static void append(String pchannel, int batches) throws Exception {
        var batch = AppendBatch.newBuilder();
        for (var at = 0; at < BATCH; at++) {
            batch.addRecords(WalRecord.newBuilder().setValue(ByteString.copyFrom(new byte[VALUE_BYTES])));
        }
        var answers = new LinkedBlockingQueue<AppendResponse>();
        var call = LogServiceGrpc.newStub(channel).append(new StreamObserver<>() {
            @Override
            public void onNext(AppendResponse answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable end) {}

            @Override
            public void onCompleted() {}
        });
        call.onNext(AppendRequest.newBuilder()
                .setOpen(AppendOpen.newBuilder().setPchannel(pchannel))
                .build());
        assertThat(answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        for (var at = 0; at < batches; at++) {
            call.onNext(AppendRequest.newBuilder().setBatch(batch).build());
            var answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(answer).isNotNull();
            assertThat(answer.hasAck()).isTrue();
        }
        call.onCompleted();
    }

    private static void awaitAll(List<Reader> readers, long lsn) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> readers.stream().allMatch(reader -> reader.next.get() == lsn || reader.wrong != null));
        assertThat(readers).allSatisfy(reader -> assertThat(reader.wrong).isNull());
    }

    @Test
    void aHundredReadersCostTheThreadsAndConsumersOfOneAndAStalledOneChangesNothing() throws Exception {
        var log = new PChannel("tail-readers", 0);
        assertThat(node.api().createTopic(log.topic(), 1).isOk()).isTrue();
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> node.api().assign(log, 1).isOk());
        var pchannel = log.toString();
        var readers = readers(pchannel, 2);
        append(pchannel, 1);
        awaitAll(readers, BATCH);
        Awaitility.await().atMost(PATIENCE).until(() -> meter("seawall_readers_following") == 2);
        var threads = meter("jvm_threads_live_threads");
        var open = meter("seawall_readers_open");

        // when: many more come, and one of all stalls, for less than the minute after which it would be ended
        var more = readers(pchannel, READERS - 2);
        more.forEach(reader -> reader.next.set(BATCH));
        readers.addAll(more);
        var stalled = readers.get(0);
        var others = readers.subList(1, READERS);
        stalled.stalls = true;
        for (var lsn = BATCH; lsn < RECORDS; lsn += ROUND * BATCH) {
            append(pchannel, ROUND); // far less than the tail keeps
            awaitAll(others, lsn + ROUND * BATCH);
        }

        // then: the node has no more threads and consumers than before
        assertThat(meter("seawall_readers_tails")).isEqualTo(1);
        assertThat(meter("seawall_readers_following")).isEqualTo(READERS);
        assertThat(meter("seawall_grpc_readers")).isEqualTo(READERS);
        assertThat(meter("seawall_grpc_readers_busy")).isZero();
        assertThat(meter("seawall_readers_behind_total")).isZero();
        assertThat(meter("seawall_readers_open")).isEqualTo(open);
        assertThat(meter("jvm_threads_live_threads")).isLessThan(threads + READERS / 5);

        // and: the stalled one goes on where it was, and is at the tail again in the end
        stalled.stalls = false;
        stalled.call.request(1);
        awaitAll(readers, RECORDS);
        assertThat(meter("seawall_readers_behind_total")).isEqualTo(1);
        Awaitility.await().atMost(PATIENCE).until(() -> meter("seawall_readers_following") == READERS);
        readers.forEach(reader -> reader.call.cancel("of the test", null));
    }
}
