package io.seawall.node.grpc;

import static io.seawall.node.grpc.GrpcFixture.info;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.seawall.api.v1.Edge;
import io.seawall.api.v1.Header;
import io.seawall.api.v1.LogRecord;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.ReadResponse;
import io.seawall.api.v1.View;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading over a real connection. */
@Timeout(60)
class ReadGrpcTest {
    private final GrpcFixture grpc = new GrpcFixture();

    @AfterEach
    void close() {
        grpc.close();
    }

    private static ReadRequest.Builder read() {
        return ReadRequest.newBuilder().setPchannel("orders-0");
    }

    private TestCall<ReadRequest, ReadResponse> call(ReadRequest.Builder request) {
        var call = new TestCall<>(grpc.channel, LogServiceGrpc.getReadMethod());
        call.send(request.build()).call.halfClose();
        return call;
    }

    /** Returns all messages of a call that ends. */
    private List<ReadResponse> all(ReadRequest.Builder request) {
        var messages = new ArrayList<ReadResponse>();
        LogServiceGrpc.newBlockingStub(grpc.channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .read(request.build())
                .forEachRemaining(messages::add);
        return messages;
    }

    private static List<String> values(List<ReadResponse> messages) {
        return messages.stream()
                .flatMap(message -> message.getRecordsList().stream())
                .map(record -> record.getValue().toStringUtf8())
                .toList();
    }

    private void append(String... values) {
        for (var value : values) {
            grpc.append(value.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aReadUntilTheTailEndsThere() {
        append("a", "b", "c");

        var messages = all(read().setUntilTail(true));

        assertThat(values(messages)).containsExactly("a", "b", "c");
        var last = messages.get(messages.size() - 1);
        assertThat(last.getCaughtUp()).isTrue();
        assertThat(last.getNext()).isEqualTo(3);
        assertThat(last.getTail()).isEqualTo(3);
        assertThat(messages.get(0).getTail()).isEqualTo(3);
        assertThat(messages.get(0).getCaughtUp()).isFalse();
        assertThat(grpc.metrics.scrape()).contains("seawall_read_records_total{pchannel=\"orders-0\"} 3.0");
    }

    @Test
    void aReadOfAnEmptyLogUntilItsTailEndsAtOnce() {
        assertThat(all(read().setUntilTail(true))).singleElement().satisfies(message -> {
            assertThat(message.getRecordsList()).isEmpty();
            assertThat(message.getCaughtUp()).isTrue();
        });
    }

    @Test
    void aRecordKeepsAllThatItHas() {
        grpc.append(new WalRecord(
                new byte[0],
                null,
                List.of(new io.seawall.wal.Header("h", new byte[] {1}), new io.seawall.wal.Header("h", null))));

        assertThat(all(read().setUntilTail(true)))
                .flatExtracting(ReadResponse::getRecordsList)
                .containsExactly(LogRecord.newBuilder()
                        .setLsn(0)
                        .setTerm(7)
                        .setTimestampMs(1_000)
                        .setKey(ByteString.EMPTY)
                        .addHeaders(Header.newBuilder().setKey("h").setValue(ByteString.copyFrom(new byte[] {1})))
                        .addHeaders(Header.newBuilder().setKey("h"))
                        .build());
    }

    @Test
    void everyStartIsPossible() {
        append("a", "b", "c");

        assertThat(values(all(read().setLsn(1).setUntilTail(true)))).containsExactly("b", "c");
        assertThat(values(all(read().setEdge(Edge.EDGE_OLDEST).setUntilTail(true))))
                .containsExactly("a", "b", "c");
        assertThat(values(all(read().setEdge(Edge.EDGE_TAIL).setUntilTail(true))))
                .isEmpty();
        assertThat(values(
                        all(read().setTime(Timestamp.newBuilder().setSeconds(1)).setUntilTail(true))))
                .as("the records have this time")
                .containsExactly("a", "b", "c");
        assertThat(values(
                        all(read().setTime(Timestamp.newBuilder().setSeconds(1).setNanos(1))
                                .setUntilTail(true))))
                .isEmpty();
        assertThat(values(all(read().setView(View.VIEW_COMMITTED).setUntilTail(true))))
                .hasSize(3);
    }

    @Test
    void aLimitEndsTheCall() {
        append("a", "b", "c");

        assertThat(values(all(read().setLimit(2)))).containsExactly("a", "b");
    }

    @Test
    void messagesAreNotLargerThanAskedFor() {
        for (var at = 0; at < 20; at++) {
            grpc.append(new byte[1_000]);
        }

        var messages = all(read().setUntilTail(true).setMaxBatchBytes(3_500));

        assertThat(messages)
                .hasSizeGreaterThan(6)
                .allSatisfy(message -> assertThat(message.getRecordsCount()).isLessThanOrEqualTo(3));
    }

    @Test
    void aReaderAtTheTailGetsEachRecordAndSignsOfLife() throws Exception {
        append("a");
        var call = call(read().setEdge(Edge.EDGE_TAIL));
        var first = call.next();
        assertThat(first.getRecordsCount()).isZero();
        assertThat(first.getCaughtUp()).isTrue();
        assertThat(first.getNext()).isEqualTo(1);

        append("b");
        assertThat(call.next().getRecords(0).getLsn()).isEqualTo(1);
        var sign = call.next();
        assertThat(sign.getRecordsCount()).isZero();
        assertThat(sign.getTail()).isEqualTo(2);
        assertThat(sign.getCaughtUp()).isTrue();

        call.call.cancel("of the test", null);
        await().until(() -> grpc.node.logs.open.get() == 0);
    }

    @Test
    void errorsHaveTheirCodes() {
        append("a", "b");
        grpc.log().trim(1).join();

        assertThat(error(read().setLsn(0)).getReason()).isEqualTo("TRIMMED");
        assertThat(error(read().setLsn(0)).getMetadataMap())
                .containsEntry("oldest", "1")
                .containsEntry("tail", "2");
        assertThat(error(read().setLsn(3)).getReason()).isEqualTo("BEYOND_TAIL");
        assertThat(error(read().setLsn(-1)).getReason()).isEqualTo("INVALID");
        assertThat(error(read().setLimit(-1)).getReason()).isEqualTo("INVALID");
        assertThat(error(read().setMaxBatchBytes(-1)).getReason()).isEqualTo("INVALID");
        assertThat(error(read().setViewValue(9)).getReason()).isEqualTo("INVALID");
        assertThat(error(read().setEdgeValue(9)).getReason()).isEqualTo("INVALID");
        assertThat(error(read().setTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)))
                        .getReason())
                .isEqualTo("INVALID");
        assertThat(error(read().setPchannel("nothing-0")).getReason()).isEqualTo("NOT_FOUND");
        assertThat(error(read().setPchannel("")).getReason()).isEqualTo("INVALID");
        assertThat(grpc.node.logs.open).hasValue(0);
    }

    @Test
    void anErrorInTheMiddleComesBehindTheRecordsBeforeIt() throws Exception {
        append("a", "b");
        grpc.log().readErrorAt = 1;
        grpc.log().readError = Problem.of(ErrorCode.DATA_LOSS, "read orders-0").exception();

        var call = call(read());

        assertThat(call.next().getRecordsCount()).isZero();
        assertThat(call.next().getRecords(0).getLsn()).isZero();
        assertThat(call.end().getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
    }

    private com.google.rpc.ErrorInfo error(ReadRequest.Builder request) {
        try {
            throw new AssertionError("no error, but " + all(request.setUntilTail(true)));
        } catch (StatusRuntimeException e) {
            return info(e);
        }
    }

    @Test
    void aClientThatTakesNothingHasNoThreadAndIsServedWhenItReads() throws Exception {
        var value = new byte[100_000];
        for (var at = 0; at < 40; at++) {
            grpc.append(value);
        }
        var stalled = call(read().setUntilTail(true));

        // It has been sent what gRPC keeps for it, and then its thread does something else.
        awaitParked();
        assertThat(grpc.metrics.scrape()).doesNotContain("seawall_read_records_total{pchannel=\"orders-0\"} 40.0");
        assertThat(values(all(read().setUntilTail(true)))).as("another reader").hasSize(40);

        var records = 0;
        while (records < 40) {
            records += stalled.next().getRecordsCount();
        }
        assertThat(stalled.end().getStatus().isOk()).isTrue();
    }

    private void awaitParked() {
        await().until(() ->
                grpc.node.logs.open.get() == 1 && grpc.metrics.scrape().contains("seawall_grpc_readers_busy 0.0"));
    }

    @Test
    void aClientThatTakesNothingForAMinuteIsEnded() throws Exception {
        for (var at = 0; at < 40; at++) {
            grpc.append(new byte[100_000]);
        }
        var stalled = call(read());
        awaitParked();

        grpc.forward(Duration.ofSeconds(61));

        await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_readers 0.0"));
        assertThat(grpc.node.logs.open).hasValue(0);
        assertThat(grpc.metrics.scrape()).contains("seawall_grpc_limited_total{limit=\"stalled\"} 1.0");
        stalled.call.request(1_000);
        assertThat(info(stalled.end()).getReason()).isEqualTo("OVERLOADED");
    }

    @Test
    void aParkedCallThatIsCancelledClosesItsReader() throws Exception {
        for (var at = 0; at < 40; at++) {
            grpc.append(new byte[100_000]);
        }
        var stalled = call(read());
        awaitParked();

        stalled.call.cancel("of the test", null);

        await().until(() -> grpc.node.logs.open.get() == 0);
        assertThat(grpc.metrics.scrape()).contains("seawall_grpc_readers 0.0");
    }

    @Test
    void readersBeyondTheBoundAreRefused() throws Exception {
        try (var small = new GrpcFixture(GrpcFixture.settings(64, 2), Optional.empty())) {
            var calls = new ArrayList<TestCall<ReadRequest, ReadResponse>>();
            for (var at = 0; at < 2; at++) {
                var call = new TestCall<>(small.channel, LogServiceGrpc.getReadMethod());
                call.send(read().build()).call.halfClose();
                assertThat(call.next().getCaughtUp()).isTrue();
                calls.add(call);
            }

            var third = new TestCall<>(small.channel, LogServiceGrpc.getReadMethod());
            third.send(read().build()).call.halfClose();
            var end = third.end();
            assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(info(end).getReason()).isEqualTo("OVERLOADED");

            calls.get(0).call.cancel("of the test", null);
            await().until(() -> small.metrics.scrape().contains("seawall_grpc_readers 1.0"));
            var fourth = new TestCall<>(small.channel, LogServiceGrpc.getReadMethod());
            fourth.send(read().build()).call.halfClose();
            assertThat(fourth.next().getCaughtUp()).isTrue();
        }
    }

    @Test
    void aNodeThatStopsEndsItsReaders() throws Exception {
        var call = call(read());
        assertThat(call.next().getCaughtUp()).isTrue();

        grpc.server.close();

        call.call.request(100);
        assertThat(info(call.end()).getReason()).isEqualTo("SHUTTING_DOWN");
        assertThat(grpc.node.logs.open).hasValue(0);
    }
}
