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

    private List<TestCall<ReadRequest, ReadResponse>> callsAtTheTail(int count) throws Exception {
        var calls = new ArrayList<TestCall<ReadRequest, ReadResponse>>();
        for (var at = 0; at < count; at++) {
            var call = call(read().setEdge(Edge.EDGE_TAIL));
            assertThat(call.next().getCaughtUp()).isTrue();
            calls.add(call);
        }
        await().until(() ->
                scraped("seawall_readers_following " + count + ".0") && scraped("seawall_grpc_readers_busy 0.0"));
        return calls;
    }

    private boolean scraped(String line) {
        return grpc.metrics.scrape().contains(line);
    }

    /** Takes messages until that many records came. */
    private static List<LogRecord> records(TestCall<ReadRequest, ReadResponse> call, int count) throws Exception {
        var records = new ArrayList<LogRecord>();
        while (records.size() < count) {
            records.addAll(call.next().getRecordsList());
        }
        return records;
    }

    @Test
    void readersAtTheTailShareOneReaderAndHaveNoThread() throws Exception {
        append("before");
        var calls = callsAtTheTail(20);
        assertThat(grpc.node.logs.open).hasValue(1);
        assertThat(grpc.node.logs.opened).hasValue(1);

        for (var at = 1; at <= 50; at++) {
            append("value " + at);
        }

        for (var call : calls) {
            var records = records(call, 50);
            for (var at = 0; at < 50; at++) {
                assertThat(records.get(at).getLsn()).isEqualTo(at + 1);
                assertThat(records.get(at).getValue().toStringUtf8()).isEqualTo("value " + (at + 1));
            }
        }
        assertThat(scraped("seawall_read_records_total{pchannel=\"orders-0\"} 1000.0"))
                .isTrue();
        calls.forEach(call -> call.call.cancel("of the test", null));
        await().until(() -> grpc.node.logs.open.get() == 0);
        assertThat(scraped("seawall_grpc_readers 0.0")).isTrue();
    }

    @Test
    void aRecordOfASharedTailKeepsAllThatItHas() throws Exception {
        var call = callsAtTheTail(1).get(0);

        grpc.append(new WalRecord(
                new byte[0],
                null,
                List.of(new io.seawall.wal.Header("h", new byte[] {1}), new io.seawall.wal.Header("h", null))));
        append("");

        assertThat(records(call, 2))
                .containsExactly(
                        LogRecord.newBuilder()
                                .setLsn(0)
                                .setTerm(7)
                                .setTimestampMs(1_000)
                                .setKey(ByteString.EMPTY)
                                .addHeaders(
                                        Header.newBuilder().setKey("h").setValue(ByteString.copyFrom(new byte[] {1})))
                                .addHeaders(Header.newBuilder().setKey("h"))
                                .build(),
                        LogRecord.newBuilder()
                                .setLsn(1)
                                .setTerm(7)
                                .setTimestampMs(1_000)
                                .setValue(ByteString.EMPTY)
                                .build());
    }

    @Test
    void limitsHoldAtASharedTail() throws Exception {
        append("before");
        var limited = call(read().setEdge(Edge.EDGE_TAIL).setLimit(3));
        var small = call(read().setEdge(Edge.EDGE_TAIL).setMaxBatchBytes(2_500));
        limited.next();
        small.next();
        await().until(() -> scraped("seawall_readers_following 2.0"));

        for (var at = 0; at < 10; at++) {
            grpc.append(new byte[1_000]);
        }

        assertThat(records(limited, 3)).hasSize(3);
        assertThat(limited.end().getStatus().isOk()).isTrue();
        var left = 10;
        while (left > 0) {
            var message = small.next();
            assertThat(message.getRecordsCount()).isLessThanOrEqualTo(2);
            left -= message.getRecordsCount();
        }
    }

    /** Appends 40 records, four times what the tail keeps, while some calls take them. */
    private void appendMuchFor(List<TestCall<ReadRequest, ReadResponse>> takers) throws Exception {
        for (var at = 0; at < 40; at++) {
            grpc.append(new byte[100_000]);
            for (var call : takers) {
                assertThat(records(call, 1)).hasSize(1);
            }
        }
    }

    @Test
    void aStalledReaderAmongOthersAtTheTailChangesNothingForThemAndReadsOnLater() throws Exception {
        var calls = callsAtTheTail(3);
        var stalled = calls.get(0);

        appendMuchFor(calls.subList(1, 3));

        assertThat(scraped("seawall_readers_behind_total 0.0"))
                .as("only stalled")
                .isTrue();
        assertThat(records(stalled, 40))
                .extracting(LogRecord::getLsn)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(scraped("seawall_readers_behind_total 1.0")).isTrue();
        append("all are there");
        for (var call : calls) {
            assertThat(records(call, 1)).extracting(LogRecord::getLsn).containsExactly(40L);
        }
        await().until(() -> scraped("seawall_readers_following 3.0"));
        await().until(() -> grpc.node.logs.open.get() == 1);
    }

    @Test
    void aReaderAtTheTailThatTakesNothingForAMinuteIsEnded() throws Exception {
        var calls = callsAtTheTail(2);
        var stalled = calls.get(0);
        appendMuchFor(calls.subList(1, 2));

        await().until(() -> {
            grpc.forward(Duration.ofSeconds(61)); // again, as the other reader may still be in the way of the stall
            return scraped("seawall_grpc_limited_total{limit=\"stalled\"} 1.0");
        });

        stalled.call.request(1_000);
        assertThat(info(stalled.end()).getReason()).isEqualTo("OVERLOADED");
        append("the other one goes on");
        assertThat(records(calls.get(1), 1)).hasSize(1);
    }

    @Test
    void anErrorOfASharedTailEndsAllItsReadersBehindTheRecordsBeforeIt() throws Exception {
        var calls = callsAtTheTail(3);
        append("a");
        for (var call : calls) {
            assertThat(records(call, 1)).hasSize(1);
        }
        grpc.log().readErrorAt = 2;
        grpc.log().readError = Problem.of(ErrorCode.DATA_LOSS, "read orders-0").exception();

        append("b"); // the next poll fails; one that waits already does not know of the error

        for (var call : calls) {
            assertThat(records(call, 1)).extracting(LogRecord::getLsn).containsExactly(1L);
            call.call.request(100);
            assertThat(call.end().getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
        }
        assertThat(grpc.node.logs.open).hasValue(0);
    }

    @Test
    void aNodeThatStopsEndsReadersOfASharedTail() throws Exception {
        var calls = callsAtTheTail(3);

        grpc.server.close();

        for (var call : calls) {
            call.call.request(100);
            assertThat(info(call.end()).getReason()).isEqualTo("SHUTTING_DOWN");
        }
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
        await().until(() -> grpc.node.logs.open.get() == 0);
    }
}
