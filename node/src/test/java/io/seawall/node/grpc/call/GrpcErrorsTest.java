package io.seawall.node.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which status each error has. The table of docs/grpc.md is the same. */
class GrpcErrorsTest {
    private static final Map<ErrorCode, Status.Code> STATUS = new EnumMap<>(Map.ofEntries(
            Map.entry(ErrorCode.NOT_FOUND, Status.Code.NOT_FOUND),
            Map.entry(ErrorCode.INVALID, Status.Code.INVALID_ARGUMENT),
            Map.entry(ErrorCode.TOO_LARGE, Status.Code.INVALID_ARGUMENT),
            Map.entry(ErrorCode.TAIL_MISMATCH, Status.Code.ABORTED),
            Map.entry(ErrorCode.TRIMMED, Status.Code.OUT_OF_RANGE),
            Map.entry(ErrorCode.BEYOND_TAIL, Status.Code.OUT_OF_RANGE),
            Map.entry(ErrorCode.SEQUENCE_GAP, Status.Code.FAILED_PRECONDITION),
            Map.entry(ErrorCode.UNAUTHENTICATED, Status.Code.UNAUTHENTICATED),
            Map.entry(ErrorCode.FORBIDDEN, Status.Code.PERMISSION_DENIED),
            Map.entry(ErrorCode.TERM_EXPIRED, Status.Code.FAILED_PRECONDITION),
            Map.entry(ErrorCode.FENCED, Status.Code.ABORTED),
            Map.entry(ErrorCode.SUPERSEDED, Status.Code.ABORTED),
            Map.entry(ErrorCode.IGNORED, Status.Code.FAILED_PRECONDITION),
            Map.entry(ErrorCode.NOT_OWNER, Status.Code.FAILED_PRECONDITION),
            Map.entry(ErrorCode.OVERLOADED, Status.Code.RESOURCE_EXHAUSTED),
            Map.entry(ErrorCode.UNAVAILABLE, Status.Code.UNAVAILABLE),
            Map.entry(ErrorCode.SHUTTING_DOWN, Status.Code.UNAVAILABLE),
            Map.entry(ErrorCode.OUTCOME_UNKNOWN, Status.Code.UNKNOWN),
            Map.entry(ErrorCode.DATA_LOSS, Status.Code.DATA_LOSS),
            Map.entry(ErrorCode.FORGED, Status.Code.DATA_LOSS),
            Map.entry(ErrorCode.INTERNAL, Status.Code.INTERNAL)));

    private final GrpcErrors errors = new GrpcErrors(new SplittableRandom(1));

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void eachCodeHasItsStatusAndItsName(ErrorCode code) throws Exception {
        var status = errors.toStatus(Problem.of(code, "do it").exception());

        assertThat(status.getStatus().getCode()).isEqualTo(STATUS.get(code));
        assertThat(info(status).getDomain()).isEqualTo("seawall");
        assertThat(info(status).getReason()).isEqualTo(code.name());
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void thoseThatMendThemselvesSayWhenToRetry(ErrorCode code) throws Exception {
        var status = StatusProto.fromThrowable(
                errors.toStatus(Problem.of(code, "do it").exception()));

        var retry = status.getDetailsList().stream()
                .filter(detail -> detail.is(RetryInfo.class))
                .toList();
        assertThat(retry)
                .hasSize(
                        switch (code) {
                            case OVERLOADED, UNAVAILABLE, SHUTTING_DOWN -> 1;
                            default -> 0;
                        });
        if (!retry.isEmpty()) {
            assertThat(retry.get(0).unpack(RetryInfo.class).getRetryDelay().getSeconds())
                    .isPositive();
        }
    }

    @Test
    void theDetailsHaveWhatTheProblemHas() throws Exception {
        var error = Problem.of(ErrorCode.TAIL_MISMATCH, "append to orders-3")
                .pchannel(new PChannel("orders", 3))
                .effect(Effect.NONE)
                .found("tail 7")
                .expected("tail 5")
                .with("tail", 7)
                .exception();

        var status = errors.toStatus(new CompletionException(error));

        assertThat(status.getStatus().getDescription())
                .isEqualTo("cannot append to orders-3: found tail 7, expected tail 5");
        assertThat(info(status).getMetadataMap())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "effect",
                        "none",
                        "pchannel",
                        "orders-3",
                        "found",
                        "tail 7",
                        "expected",
                        "tail 5",
                        "tail",
                        "7"));
    }

    @Test
    void aRefusalSaysWhereTheOwnerIs() throws Exception {
        var notHere = Problem.of(ErrorCode.NOT_OWNER, "append").exception();

        var status = errors.toStatus(new Refusal(notHere, Map.of("owner", "n2", "ownerGrpc", "n2:7071")));

        assertThat(info(status).getMetadataMap())
                .containsEntry("owner", "n2")
                .containsEntry("ownerGrpc", "n2:7071")
                .containsEntry("effect", "none");
    }

    @Test
    void aBugIsInternalAndItsTextStaysInside() throws Exception {
        var status = errors.toStatus(new IllegalStateException("a secret"));

        assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(status.getStatus().getDescription()).doesNotContain("secret").contains("see id ");
        assertThat(info(status).getMetadataMap()).containsEntry("effect", "unknown");
    }

    @Test
    void longTextsAreCutSoThatClientsAcceptTheTrailers() throws Exception {
        var status = errors.toStatus(Problem.of(ErrorCode.INVALID, "do it")
                .found("\uD83D\uDE00".repeat(5_000))
                .expected("x".repeat(5_000))
                .exception());

        assertThat(bytes(status.getStatus().getDescription())).isBetween(700, 800);
        assertThat(bytes(info(status).getMetadataMap().get("found"))).isBetween(380, 400);
        assertThat(info(status).getMetadataMap().get("found")).endsWith("\uD83D\uDE00...");
        assertThat(bytes(info(status).getMetadataMap().get("expected"))).isEqualTo(400);
    }

    @Test
    void aRefusedBatchHasTheSameMembers() {
        var problem = errors.toProblem(Problem.of(ErrorCode.SEQUENCE_GAP, "append")
                .effect(Effect.APPLIED)
                .found("seq 1")
                .with("expectedSeq", 9)
                .exception());

        assertThat(problem.getCode()).isEqualTo("SEQUENCE_GAP");
        assertThat(problem.getEffect()).isEqualTo("applied");
        assertThat(problem.getFound()).isEqualTo("seq 1");
        assertThat(problem.getExpected()).isEmpty();
        assertThat(problem.getNumbersMap()).containsExactly(Map.entry("expectedSeq", 9L));
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static ErrorInfo info(StatusRuntimeException status) throws Exception {
        return StatusProto.fromThrowable(status).getDetails(0).unpack(ErrorInfo.class);
    }
}
