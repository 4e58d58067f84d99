package io.seawall.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.seawall.api.v1.AppendBatch;
import io.seawall.api.v1.AppendOpen;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.AppendResponse;
import io.seawall.api.v1.AssignRequest;
import io.seawall.api.v1.AssignmentServiceGrpc;
import io.seawall.api.v1.CollectStatusRequest;
import io.seawall.api.v1.CreateTopicRequest;
import io.seawall.api.v1.CreateTopicResponse.Outcome;
import io.seawall.api.v1.DescribeRequest;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.RemoveRequest;
import io.seawall.api.v1.View;
import io.seawall.api.v1.WalRecord;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** gRPC of a real node on a real broker. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrpcIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static TestKafka kafka;
    private static NodeProcess node;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() {
        kafka = TestKafka.start();
        node = NodeProcess.start(Spec.of(
                "n1",
                kafka.bootstrapServers(),
                folder.resolve("n1"),
                "mode=manual",
                "prefix=" + kafka.prefix(),
                "flush.enabled=false"));
        var address = node.grpc().split(":", 2);
        channel = NettyChannelBuilder.forAddress(address[0], Integer.parseInt(address[1]))
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        node.close();
        kafka.close();
    }

    private static LogServiceGrpc.LogServiceBlockingStub logs() {
        return LogServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private static AssignmentServiceGrpc.AssignmentServiceBlockingStub orders() {
        return AssignmentServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    /** Creates a topic with one log, and opens the log at term 1. */
    private static String opened(String topic) {
        var created = logs().createTopic(CreateTopicRequest.newBuilder()
                .setTopic(topic)
                .setPchannels(1)
                .build());
        assertThat(created.getOutcome()).isEqualTo(Outcome.OUTCOME_CREATED);
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> assign(topic + "-0", 1));
        return topic + "-0";
    }

    private static boolean assign(String pchannel, long term) {
        return orders().assign(AssignRequest.newBuilder()
                        .setPchannel(pchannel)
                        .setTerm(term)
                        .build())
                .getConverged();
    }

    /** A call that appends, and what came back. */
    private static final class Appending implements StreamObserver<AppendResponse> {
        private final BlockingQueue<AppendResponse> answers = new LinkedBlockingQueue<>();
        private final BlockingQueue<Throwable> ends = new LinkedBlockingQueue<>();
        private final StreamObserver<AppendRequest> requests =
                LogServiceGrpc.newStub(channel).append(this);

        Appending(String pchannel, String writerId) throws InterruptedException {
            requests.onNext(AppendRequest.newBuilder()
                    .setOpen(AppendOpen.newBuilder().setPchannel(pchannel).setWriterId(writerId))
                    .build());
            assertThat(next().hasOpened()).isTrue();
        }

        Appending send(AppendBatch.Builder batch) {
            requests.onNext(AppendRequest.newBuilder().setBatch(batch).build());
            return this;
        }

        AppendResponse next() throws InterruptedException {
            var answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(answer).as("an answer; the call ended with %s", ends).isNotNull();
            return answer;
        }

        ErrorInfo end() throws Exception {
            var end = ends.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(end).as("the end of the call").isNotNull();
            return info(end);
        }

        @Override
        public void onNext(AppendResponse answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable end) {
            ends.add(end);
        }

        @Override
        public void onCompleted() {}
    }

    private static ErrorInfo info(Throwable error) throws Exception {
        var status = StatusProto.fromThrowable(error);
        assertThat(status).isNotNull();
        return status.getDetails(0).unpack(ErrorInfo.class);
    }

    private static AppendBatch.Builder batch(long seq, String... values) {
        var batch = AppendBatch.newBuilder().setSeq(seq);
        for (var value : values) {
            batch.addRecords(WalRecord.newBuilder().setValue(ByteString.copyFromUtf8(value)));
        }
        return batch;
    }

    private static List<String> read(ReadRequest.Builder request) {
        var values = new ArrayList<String>();
        var next = new long[1];
        logs().read(request.build())
                .forEachRemaining(message -> message.getRecordsList().forEach(record -> {
                    assertThat(record.getLsn()).isEqualTo(next[0]++);
                    values.add(record.getValue().toStringUtf8());
                }));
        return values;
    }

    @Test
    void aSessionAppendsRepeatsAndReadsItsRecordsBack() throws Exception {
        var pchannel = opened("grpc-session");
        var call = new Appending(pchannel, "loader");
        for (var seq = 0; seq < 5; seq++) {
            call.send(batch(seq, "a" + seq, "b" + seq));
        }
        for (var seq = 0; seq < 5; seq++) {
            var ack = call.next().getAck();
            assertThat(ack.getFirst()).isEqualTo(2L * seq);
            assertThat(ack.getLast()).isEqualTo(2L * seq + 1);
            assertThat(ack.getTerm()).isEqualTo(1);
            assertThat(ack.getRepeated()).isFalse();
        }

        // when: the answers were lost, and another call sends again
        var again = new Appending(pchannel, "loader");
        again.send(batch(4, "a4", "b4")).send(batch(6, "gap"));

        // then
        assertThat(again.next().getAck()).satisfies(ack -> {
            assertThat(ack.getFirst()).isEqualTo(8);
            assertThat(ack.getRepeated()).isTrue();
        });
        var gap = again.next().getProblem();
        assertThat(gap.getCode()).isEqualTo("SEQUENCE_GAP");
        assertThat(gap.getNumbersMap()).containsEntry("expectedSeq", 5L);
        again.send(batch(5, "c").setIfTail(3));
        assertThat(again.next().getProblem().getNumbersMap()).containsEntry("tail", 10L);

        var all = IntStream.range(0, 5)
                .boxed()
                .flatMap(seq -> List.of("a" + seq, "b" + seq).stream())
                .toList();
        var request = ReadRequest.newBuilder().setPchannel(pchannel);
        assertThat(read(request.clone().setUntilTail(true))).isEqualTo(all);
        assertThat(read(request.clone().setView(View.VIEW_COMMITTED).setLimit(all.size())))
                .isEqualTo(all);
        assertThat(logs().describe(DescribeRequest.newBuilder()
                                .setPchannel(pchannel)
                                .setConfirmTail(true)
                                .build())
                        .getLog()
                        .getTail())
                .isEqualTo(10);
    }

    @Test
    void anOwnerThatClosesTheLogInMidCallEndsTheCallAndTheNextTermKnowsTheSession() throws Exception {
        var pchannel = opened("grpc-close");
        var call = new Appending(pchannel, "loader");
        call.send(batch(0, "a"));
        assertThat(call.next().getAck().getFirst()).isZero();

        assertThat(orders().remove(RemoveRequest.newBuilder()
                                .setPchannel(pchannel)
                                .setTerm(1)
                                .build())
                        .getConverged())
                .isTrue();

        assertThat(call.end().getReason()).isIn("NOT_OWNER", "SHUTTING_DOWN");
        assertThat(assign(pchannel, 2)).isTrue();
        assertThat(orders().collectStatus(CollectStatusRequest.getDefaultInstance())
                        .getAssignmentsList())
                .filteredOn(status -> status.getPchannel().equals(pchannel))
                .singleElement()
                .satisfies(status -> assertThat(status.getCurrent().getTerm()).isEqualTo(2));
        var next = new Appending(pchannel, "loader");
        next.send(batch(0, "a")).send(batch(1, "b"));
        assertThat(next.next().getAck()).satisfies(ack -> {
            assertThat(ack.getFirst()).isZero();
            assertThat(ack.getTerm()).isEqualTo(1);
            assertThat(ack.getRepeated()).isTrue();
        });
        assertThat(next.next().getAck().getFirst()).isEqualTo(1);
        assertThat(read(ReadRequest.newBuilder().setPchannel(pchannel).setUntilTail(true)))
                .containsExactly("a", "b");
    }

    @Test
    void errorsAreTyped() throws Exception {
        var pchannel = opened("grpc-errors");
        var beyond = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> read(ReadRequest.newBuilder().setPchannel(pchannel).setLsn(9)));
        assertThat(info(beyond).getReason()).isEqualTo("BEYOND_TAIL");
        assertThat(info(beyond).getMetadataMap()).containsEntry("tail", "0").containsEntry("pchannel", pchannel);
        var unknown = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> read(ReadRequest.newBuilder().setPchannel("grpc-nothing-0")));
        assertThat(info(unknown).getReason()).isEqualTo("NOT_FOUND");
        var ignored = catchThrowableOfType(StatusRuntimeException.class, () -> assign(pchannel, 0));
        assertThat(info(ignored).getReason()).isEqualTo("IGNORED");
    }
}
