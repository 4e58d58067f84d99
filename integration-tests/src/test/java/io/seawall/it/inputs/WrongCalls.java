package io.seawall.it.inputs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.seawall.api.v1.AppendBatch;
import io.seawall.api.v1.AppendOpen;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.AppendResponse;
import io.seawall.api.v1.AssignRequest;
import io.seawall.api.v1.AssignmentServiceGrpc;
import io.seawall.api.v1.CreateTopicRequest;
import io.seawall.api.v1.DescribeRequest;
import io.seawall.api.v1.FlushRequest;
import io.seawall.api.v1.Header;
import io.seawall.api.v1.ListLogsRequest;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.TrimRequest;
import io.seawall.api.v1.WalRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Wrong calls over gRPC. */
final class WrongCalls implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final int GIB = 1 << 30;
    private static final String LOG = "demo-0";

    private final Transcript transcript;
    private final ManagedChannel channel;

    WrongCalls(Transcript transcript, String address) {
        this.transcript = transcript;
        this.channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
    }

    void send() throws Exception {
        transcript.section("gRPC: reads");
        reads();
        transcript.section("gRPC: appends");
        appends();
        transcript.section("gRPC: topics and administration");
        administration();
        transcript.section("gRPC: what is no call of ours");
        raw("seawall.v1.LogService/Apend", "");
        raw("seawall.v1.LogService/Describe", "hello");
        raw("seawall.v1.LogService/Append", "hello");
    }

    private void reads() {
        read(ReadRequest.newBuilder());
        read(ReadRequest.newBuilder().setPchannel("demo"));
        read(ReadRequest.newBuilder().setPchannel("demo-9"));
        read(ReadRequest.newBuilder().setPchannel("orders-0"));
        read(ofLog().setLsn(-1));
        read(ofLog().setLsn(99));
        read(ofLog().setTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)));
        read(ofLog().setTime(Timestamp.newBuilder().setSeconds(1).setNanos(-1)));
        read(ofLog().setTime(Timestamp.newBuilder().setSeconds(1).setNanos(1_000_000_000)));
        read(ofLog().setEdgeValue(7));
        read(ofLog().setViewValue(7));
        read(ofLog().setLimit(-1));
        read(ofLog().setMaxBatchBytes(-1));
        read(ofLog().setMaxBatchBytes(GIB));
    }

    private static ReadRequest.Builder ofLog() {
        return ReadRequest.newBuilder().setPchannel(LOG).setUntilTail(true);
    }

    private void read(ReadRequest.Builder request) {
        call("LogService/Read", request.build(), () -> {
            var pages = LogServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .read(request.build());
            var said = new StringBuilder();
            pages.forEachRemaining(page -> said.append(shown(page)).append('\n'));
            return said;
        });
    }

    private void appends() throws Exception {
        append(AppendRequest.newBuilder());
        append(AppendRequest.newBuilder().setBatch(AppendBatch.newBuilder().addRecords(record())));
        append(open("", ""));
        append(open("orders-0", ""));
        append(open("demo-9", ""));
        append(open(LOG, "a b"));
        append(open(LOG, ""), open(LOG, ""));
        append(open(LOG, ""), batch(AppendBatch.newBuilder()));
        append(
                open(LOG, ""),
                batch(AppendBatch.newBuilder().addRecords(record()).setIfTail(99)));
        append(
                open(LOG, ""),
                batch(AppendBatch.newBuilder().addRecords(record()).setIfTail(-1)));
        append(
                open(LOG, ""),
                batch(AppendBatch.newBuilder().addRecords(record()).setSeq(0)));
        append(open(LOG, "w"), batch(AppendBatch.newBuilder().addRecords(record())));
        append(
                open(LOG, "w"),
                batch(AppendBatch.newBuilder().addRecords(record()).setSeq(-1)));
        append(
                open(LOG, "w"),
                batch(AppendBatch.newBuilder().addRecords(record()).setSeq(5)));
        append(
                open(LOG, ""),
                batch(AppendBatch.newBuilder()
                        .addRecords(WalRecord.newBuilder()
                                .addHeaders(Header.newBuilder().setKey("wal")))));
        append(
                open(LOG, ""),
                batch(AppendBatch.newBuilder()
                        .addRecords(WalRecord.newBuilder().setValue(ByteString.copyFrom(new byte[(1 << 20) + 1])))));
        var many = AppendBatch.newBuilder();
        for (var each = 0; each < 1_001; each++) {
            many.addRecords(record());
        }
        append(open(LOG, ""), batch(many));
    }

    private static WalRecord.Builder record() {
        return WalRecord.newBuilder().setValue(ByteString.copyFromUtf8("x"));
    }

    private static AppendRequest.Builder open(String pchannel, String writer) {
        return AppendRequest.newBuilder()
                .setOpen(AppendOpen.newBuilder().setPchannel(pchannel).setWriterId(writer));
    }

    private static AppendRequest.Builder batch(AppendBatch.Builder batch) {
        return AppendRequest.newBuilder().setBatch(batch);
    }

    private void append(AppendRequest.Builder... messages) throws InterruptedException {
        BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
        var requests = LogServiceGrpc.newStub(channel).append(new StreamObserver<>() {
            @Override
            public void onNext(AppendResponse answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable failed) {
                answers.add(failed);
            }

            @Override
            public void onCompleted() {
                answers.add("the call ended");
            }
        });
        var input = new StringBuilder("LogService/Append");
        for (var message : messages) {
            requests.onNext(message.build());
            input.append('\n').append(shown(message.build()));
        }
        requests.onCompleted();
        transcript.add(input.toString(), said(answers));
    }

    /** Returns the first answer that is not the one to a right open. */
    private static String said(BlockingQueue<Object> answers) throws InterruptedException {
        while (true) {
            var answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                return "no answer";
            }
            if (answer instanceof StatusRuntimeException status) {
                return said(status);
            }
            if (answer instanceof AppendResponse response && response.hasProblem()) {
                var problem = response.getProblem();
                return "problem " + problem.getCode() + ", effect " + problem.getEffect() + ": " + problem.getMessage();
            }
            if (!(answer instanceof AppendResponse response) || !response.hasOpened()) {
                return answer.toString();
            }
        }
    }

    private void administration() {
        var logs = LogServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
        describe(DescribeRequest.newBuilder());
        describe(DescribeRequest.newBuilder().setPchannel("demo-x"));
        describe(DescribeRequest.newBuilder().setPchannel("demo-9"));
        var list = ListLogsRequest.newBuilder().setTopic("Demo!").build();
        call("LogService/ListLogs", list, () -> logs.listLogs(list));
        create(CreateTopicRequest.newBuilder());
        create(CreateTopicRequest.newBuilder().setTopic("Orders"));
        create(CreateTopicRequest.newBuilder().setTopic("orders").setPchannels(-4));
        create(CreateTopicRequest.newBuilder().setTopic("orders").setCompression("zip"));
        create(CreateTopicRequest.newBuilder().setTopic("demo").setPchannels(2));
        var trim = TrimRequest.newBuilder().setPchannel(LOG).setBefore(-1).build();
        call("LogService/Trim", trim, () -> logs.trim(trim));
        var beyond = TrimRequest.newBuilder().setPchannel(LOG).setBefore(99).build();
        call("LogService/Trim", beyond, () -> logs.trim(beyond));
        var flush = FlushRequest.newBuilder().setPchannel("orders-0").build();
        call("LogService/Flush", flush, () -> logs.flush(flush));
        assign(AssignRequest.newBuilder().setPchannel(LOG).setTerm(5));
        assign(AssignRequest.newBuilder()
                .setPchannel(LOG)
                .setTerm(5)
                .setWait(Duration.newBuilder().setSeconds(1).setNanos(-1)));
    }

    private void describe(DescribeRequest.Builder request) {
        call(
                "LogService/Describe",
                request.build(),
                () -> LogServiceGrpc.newBlockingStub(channel).describe(request.build()));
    }

    private void create(CreateTopicRequest.Builder request) {
        call(
                "LogService/CreateTopic",
                request.build(),
                () -> LogServiceGrpc.newBlockingStub(channel).createTopic(request.build()));
    }

    private void assign(AssignRequest.Builder request) {
        call(
                "AssignmentService/Assign",
                request.build(),
                () -> AssignmentServiceGrpc.newBlockingStub(channel).assign(request.build()));
    }

    private void call(String method, Message request, Callable<?> call) {
        String said;
        try {
            said = "accepted\n" + call.call();
        } catch (StatusRuntimeException failed) {
            said = said(failed);
        } catch (Exception unexpected) {
            throw new IllegalStateException(unexpected);
        }
        transcript.add(method + "\n" + shown(request), said);
    }

    private static String shown(Message message) {
        var text = TextFormat.printer().emittingSingleLine(true).printToString(message);
        return text.length() > 200 ? text.substring(0, 60) + "..." : text;
    }

    private static String said(StatusRuntimeException failed) {
        var status = failed.getStatus();
        var details = StatusProto.fromThrowable(failed);
        var reason = "";
        if (details != null) {
            for (var detail : details.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    reason = reason(detail);
                }
            }
        }
        return "status " + status.getCode() + reason + ": " + status.getDescription();
    }

    private static String reason(com.google.protobuf.Any detail) {
        try {
            var info = detail.unpack(ErrorInfo.class);
            return ", " + info.getReason() + ", effect " + info.getMetadataOrDefault("effect", "?");
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Sends bytes that no generated class would send. */
    private void raw(String method, String bytes) {
        var descriptor = MethodDescriptor.<String, String>newBuilder(new Raw(), new Raw())
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method)
                .build();
        String said;
        try {
            said = ClientCalls.blockingUnaryCall(
                    channel,
                    descriptor,
                    CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
                    bytes);
        } catch (StatusRuntimeException failed) {
            said = said(failed);
        }
        transcript.add(method + "\n" + (bytes.isEmpty() ? "" : "the bytes of " + bytes), said);
    }

    /** Bytes as text. */
    private static final class Raw implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), UTF_8);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
