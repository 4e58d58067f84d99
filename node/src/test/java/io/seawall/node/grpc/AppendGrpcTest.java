package io.seawall.node.grpc;

import static io.seawall.node.grpc.GrpcFixture.ORDERS;
import static io.seawall.node.grpc.GrpcFixture.batch;
import static io.seawall.node.grpc.GrpcFixture.batchOf;
import static io.seawall.node.grpc.GrpcFixture.info;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.seawall.api.v1.AppendAck;
import io.seawall.api.v1.AppendBatch;
import io.seawall.api.v1.AppendOpen;
import io.seawall.api.v1.AppendOpened;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.AppendResponse;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WriterSeq;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Appending over a real connection. */
@Timeout(60)
class AppendGrpcTest {
    private final GrpcFixture grpc = new GrpcFixture();

    @AfterEach
    void close() {
        grpc.close();
    }

    private TestCall<AppendRequest, AppendResponse> call() {
        return new TestCall<>(grpc.channel, LogServiceGrpc.getAppendMethod());
    }

    private static AppendRequest open(String pchannel, String writerId) {
        return AppendRequest.newBuilder()
                .setOpen(AppendOpen.newBuilder().setPchannel(pchannel).setWriterId(writerId))
                .build();
    }

    private static AppendRequest message(AppendBatch batch) {
        return AppendRequest.newBuilder().setBatch(batch).build();
    }

    private TestCall<AppendRequest, AppendResponse> opened() throws Exception {
        var call = call().send(open("orders-0", ""));
        assertThat(call.next().hasOpened()).isTrue();
        return call;
    }

    @Test
    void theFirstAnswerDescribesTheLogAndEachLaterOneABatch() throws Exception {
        var call = call().send(open("orders-0", ""));
        assertThat(call.next().getOpened())
                .isEqualTo(AppendOpened.newBuilder()
                        .setTerm(7)
                        .setTail(0)
                        .setMaxRecordBytes(GrpcFixture.RECORD_MAX_BYTES)
                        .setMaxBatchBytes(4 << 20)
                        .setMaxMessageBytes(GrpcLimits.MESSAGE_BYTES)
                        .setWindowBytes(GrpcLimits.CALL_WINDOW_BYTES)
                        .build());

        call.send(message(batch("a", "b"))).send(message(batch("c")));

        assertThat(call.next().getAck())
                .isEqualTo(
                        AppendAck.newBuilder().setTerm(7).setFirst(0).setLast(1).build());
        assertThat(call.next().getAck().getFirst()).isEqualTo(2);
        assertThat(new String(grpc.log().record(2).data().value(), StandardCharsets.UTF_8))
                .isEqualTo("c");
        call.call.halfClose();
        assertThat(call.end().getStatus().getCode()).isEqualTo(Status.Code.OK);
        assertThat(grpc.metrics.scrape())
                .contains("seawall_grpc_calls_total{method=\"seawall.v1.LogService/Append\",status=\"OK\"} 1.0")
                .contains("seawall_append_records_total{pchannel=\"orders-0\",result=\"ok\"} 3.0");
    }

    @Test
    void answersComeInTheOrderOfTheBatchesAlsoIfOneIsRefusedAtOnce() throws Exception {
        var acknowledge = new CompletableFuture<Void>();
        grpc.log().acknowledge = acknowledge;
        var call = opened();
        call.send(message(batch("a"))).send(message(batch())).send(message(batch("c")));
        await().until(() -> grpc.log().tail() == 2);
        assertThat(call.hasMessage()).isFalse();

        acknowledge.complete(null);

        assertThat(call.next().getAck().getFirst()).isZero();
        assertThat(call.next().getProblem().getCode()).isEqualTo("INVALID");
        assertThat(call.next().getAck().getFirst()).isEqualTo(1);
    }

    @Test
    void aHalfClosedCallEndsWhenAllBatchesAreAnswered() throws Exception {
        var acknowledge = new CompletableFuture<Void>();
        grpc.log().acknowledge = acknowledge;
        var call = opened();
        call.send(message(batch("a"))).call.halfClose();
        await().until(() -> grpc.log().tail() == 1);
        assertThat(call.isOver()).isFalse();

        acknowledge.complete(null);

        assertThat(call.next().hasAck()).isTrue();
        assertThat(call.end().getStatus().isOk()).isTrue();
    }

    @Test
    void theConditionsOfABatchReachTheLog() throws Exception {
        var call = call().send(open("orders-0", "loader-7"));
        assertThat(call.next().hasOpened()).isTrue();
        grpc.log().repeats = new Appended(6, 10, 11, true);

        call.send(message(batch("a").toBuilder().setSeq(4).setIfTail(9).build()));

        assertThat(call.next().getAck())
                .isEqualTo(AppendAck.newBuilder()
                        .setTerm(6)
                        .setFirst(10)
                        .setLast(11)
                        .setRepeated(true)
                        .build());
        var request = Objects.requireNonNull(grpc.log().lastRequest);
        assertThat(request.writer()).isEqualTo(new WriterSeq("loader-7", 4));
        assertThat(request.ifTail()).isEqualTo(9);
    }

    @Test
    void aBatchThatTheLogRefusesLeavesTheCallOpen() throws Exception {
        var call = opened();
        grpc.log().appendError = Problem.of(ErrorCode.TAIL_MISMATCH, "append to orders-0")
                .found("tail 7")
                .expected("tail 5")
                .with("tail", 7)
                .exception();
        call.send(message(batch("a")));

        var problem = call.next().getProblem();
        assertThat(problem.getCode()).isEqualTo("TAIL_MISMATCH");
        assertThat(problem.getEffect()).isEqualTo("none");
        assertThat(problem.getFound()).isEqualTo("tail 7");
        assertThat(problem.getNumbersMap()).containsEntry("tail", 7L);

        grpc.log().appendError = null;
        call.send(message(batch("b")));
        assertThat(call.next().hasAck()).isTrue();
    }

    @Test
    void batchesThatDoNotFitTheSessionOfTheCallAreRefused() throws Exception {
        var without = opened();
        without.send(message(batch("a").toBuilder().setSeq(0).build()));
        assertThat(without.next().getProblem().getMessage()).contains("a seq without a writer session");

        var session = call().send(open("orders-0", "w"));
        assertThat(session.next().hasOpened()).isTrue();
        session.send(message(batch("a")));
        assertThat(session.next().getProblem().getMessage()).contains("a batch without seq");
        session.send(message(batch("a").toBuilder().setSeq(-1).build()));
        assertThat(session.next().getProblem().getCode()).isEqualTo("INVALID");
        assertThat(grpc.log().tail()).isZero();
    }

    @Test
    void whatIsNoAppendEndsTheCall() throws Exception {
        assertThat(info(call().send(message(batch("a"))).end()).getReason()).isEqualTo("INVALID");
        assertThat(info(call().send(AppendRequest.getDefaultInstance()).end()).getReason())
                .isEqualTo("INVALID");
        assertThat(info(call().send(open("Orders", "")).end()).getReason()).isEqualTo("INVALID");
        assertThat(info(call().send(open("orders-0", "a b")).end()).getReason()).isEqualTo("INVALID");
        assertThat(info(call().send(open("nothing-0", "")).end()).getReason()).isEqualTo("NOT_FOUND");
        var twice = opened().send(open("orders-0", ""));
        assertThat(info(twice.end()).getReason()).isEqualTo("INVALID");
        var empty = call();
        empty.call.halfClose();
        assertThat(info(empty.end()).getReason()).isEqualTo("INVALID");
    }

    @Test
    void aNodeThatIsNotTheOwnerSaysWhoIs() throws Exception {
        grpc.node.owners.put(
                ORDERS, new PChannelStatus.Ownership(8, 0, "n2", "http://n2.example:7070", "n2.example:7071"));

        var end = call().send(open("orders-0", "")).end();

        assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(info(end).getReason()).isEqualTo("NOT_OWNER");
        assertThat(info(end).getMetadataMap())
                .containsEntry("owner", "n2")
                .containsEntry("ownerUrl", "http://n2.example:7070")
                .containsEntry("ownerGrpc", "n2.example:7071")
                .containsEntry("effect", "none");
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"NOT_OWNER", "FENCED", "TERM_EXPIRED", "SHUTTING_DOWN"})
    void anOwnerThatLosesTheLogEndsTheCallBehindTheAnswersThatItHas(ErrorCode code) throws Exception {
        var call = opened();
        call.send(message(batch("a")));
        assertThat(call.next().hasAck()).isTrue();
        grpc.log().appendError = Problem.of(code, "append to orders-0")
                .pchannel(ORDERS)
                .effect(Effect.UNKNOWN)
                .exception();

        call.send(message(batch()));
        call.send(message(batch("b")));

        assertThat(call.next().getProblem().getCode()).isEqualTo("INVALID");
        var end = call.end();
        assertThat(info(end).getReason()).isEqualTo(code.name());
        assertThat(info(end).getMetadataMap())
                .containsEntry("effect", "unknown")
                .containsEntry("pchannel", "orders-0");
    }

    @Test
    void anIdleCallEndsWhenItsLogIsClosed() throws Exception {
        var call = opened();

        grpc.node.owners.put(ORDERS, new PChannelStatus.Ownership(8, 0, "n2", null));

        assertThat(info(call.end()).getReason()).isEqualTo("NOT_OWNER");
    }

    @Test
    void aClientThatSendsFasterThanTheLogTakesIsHeldBack() throws Exception {
        var acknowledge = new CompletableFuture<Void>();
        grpc.log().acknowledge = acknowledge;
        var call = opened();
        var batches = 64;
        for (var at = 0; at < batches; at++) {
            call.send(message(batchOf(GrpcFixture.RECORD_MAX_BYTES - 100)));
        }

        // It reads until the window is full, and nothing of what follows.
        await().until(() -> grpc.log().tail() == 8 + 1);
        assertThat(grpc.metrics.scrape()).contains("seawall_grpc_batches_bytes");

        // Meanwhile others append.
        grpc.node.logs.log(new io.seawall.wal.PChannel("orders", 1));
        var other = call().send(open("orders-1", ""));
        assertThat(other.next().hasOpened()).isTrue();
        assertThat(other.send(message(batch("a"))).next().hasAck()).isTrue();
        assertThat(grpc.log().tail()).isEqualTo(8 + 1);

        acknowledge.complete(null);
        for (var at = 0; at < batches; at++) {
            assertThat(call.next().hasAck()).isTrue();
        }
    }

    @Test
    void aClientThatNeverReadsItsAnswersHoldsABoundedNumberOfThem() throws Exception {
        var call = opened();
        var sent = GrpcLimits.CALL_BATCHES * 60;
        var small = message(batch("a"));

        for (var at = 0; at < sent; at++) {
            call.send(small);
        }
        awaitStandstill();

        // The answers that its library took, those in the windows of the network, and those that the call keeps.
        assertThat(grpc.log().tail()).isLessThan(sent);
        var other = opened();
        assertThat(other.send(small).next().hasAck()).isTrue();

        for (var at = 0; at < sent; at++) {
            assertThat(call.next().hasAck()).isTrue();
        }
    }

    private void awaitStandstill() {
        var seen = new long[] {-1};
        await().pollInterval(java.time.Duration.ofMillis(300)).until(() -> {
            var now = grpc.log().tail();
            var same = now == seen[0];
            seen[0] = now;
            return same;
        });
    }

    @Test
    void whatACancelledCallHeldIsGivenBack() throws Exception {
        var acknowledge = new CompletableFuture<Void>();
        grpc.log().acknowledge = acknowledge;
        var call = opened().send(message(batchOf(500_000)));
        await().until(() -> grpc.log().tail() == 1);

        call.call.cancel("of the test", null);
        acknowledge.complete(null);

        await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_batches_bytes 0.0"));
        assertThat(grpc.metrics.scrape()).contains("status=\"CANCELLED\"} 1.0").contains("seawall_grpc_active 0.0");
    }

    @Test
    void aNodeThatStopsAnswersWhatItHas() throws Exception {
        var acknowledge = new CompletableFuture<Void>();
        grpc.log().acknowledge = acknowledge;
        var call = opened().send(message(batch("a")));
        await().until(() -> grpc.log().tail() == 1);

        var closing = CompletableFuture.runAsync(grpc.server::close);
        acknowledge.complete(null);

        assertThat(call.next().hasAck()).isTrue();
        assertThat(info(call.end()).getReason()).isEqualTo("SHUTTING_DOWN");
        closing.join();
    }

    /** What a batch holds of the budget of the node would be lost for good. */
    @Test
    void aLogThatThrowsAnExceptionFailsTheBatchAndKeepsNothing() throws Exception {
        var call = opened();
        grpc.log().appendThrows = new IllegalStateException("a bug");
        call.send(message(batchOf(200_000)));

        assertThat(call.next().getProblem().getCode()).isEqualTo("INTERNAL");
        grpc.log().appendThrows = null;
        call.send(message(batch("a")));
        assertThat(call.next().hasAck()).isTrue();
        call.call.halfClose();
        assertThat(call.end().getStatus().getCode()).isEqualTo(Status.Code.OK);
        await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_batches_bytes 0.0"));
    }
}
