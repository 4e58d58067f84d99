package io.seawall.client.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.seawall.client.log.Advice;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallFailuresTest {
    private static CallFailure of(com.google.rpc.Status status) {
        var thrown = StatusProto.toStatusRuntimeException(status);
        return CallFailures.of("append to x-0", "x-0", thrown.getStatus(), thrown.getTrailers(), Effect.UNKNOWN);
    }

    private static com.google.rpc.Status.Builder status(String reason, Map<String, String> members) {
        return com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.FAILED_PRECONDITION.value())
                .setMessage("cannot append to x-0: as the node says it")
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("seawall")
                        .setReason(reason)
                        .putAllMetadata(members)
                        .build()));
    }

    @Test
    void readsAllMembers() {
        var failure = of(status(
                        "NOT_OWNER",
                        Map.of(
                                "effect", "none",
                                "pchannel", "x-0",
                                "found", "n1",
                                "expected", "n2",
                                "ownerGrpc", "n2:7071",
                                "tail", "12",
                                "later", "no number"))
                .build());

        assertThat(failure.error().code()).isEqualTo("NOT_OWNER");
        assertThat(failure.error().getMessage()).isEqualTo("cannot append to x-0: as the node says it");
        assertThat(failure.error().effect()).isEqualTo(Effect.NONE);
        assertThat(failure.error().found()).isEqualTo("n1");
        assertThat(failure.error().expected()).isEqualTo("n2");
        assertThat(failure.error().numbers()).containsExactly(Map.entry("tail", 12L));
        assertThat(failure.owner()).isEqualTo("n2:7071");
        assertThat(failure.passes()).isTrue();
    }

    @Test
    void anUnknownCodeSurvivesAndPassesIfTheNodeOffersIt() {
        assertThat(of(status("OUT_OF_PAPER", Map.of("effect", "none")).build()).passes())
                .isFalse();
        var offered = of(status("OUT_OF_PAPER", Map.of("effect", "none"))
                .addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setSeconds(2).setNanos(5_000_000))
                        .build()))
                .build());

        assertThat(offered.passes()).isTrue();
        assertThat(offered.retryAfterMs()).isEqualTo(2_005);
        assertThat(offered.error().code()).isEqualTo("OUT_OF_PAPER");
        assertThat(offered.error().advice()).isEqualTo(Advice.RETRY);
    }

    @Test
    void anErrorThatDoesNotSayItsEffectHasAnUnknownOne() {
        assertThat(of(status("INTERNAL", Map.of()).build()).error().effect()).isEqualTo(Effect.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(Status.Code.class)
    void eachStatusWithoutDetailsHasAnError(Status.Code code) {
        var failure = CallFailures.of("read x-0", "x-0", code.toStatus(), null, Effect.NONE);

        assertThat(failure.error().code()).isNotEmpty();
        assertThat(failure.error().getMessage()).startsWith("cannot read x-0: " + code);
    }

    @Test
    void anErrorOfTheConnectionPasses() {
        var failure = CallFailures.of("append", null, Status.UNAVAILABLE, new Metadata(), Effect.UNKNOWN);

        assertThat(failure.error().code()).isEqualTo(Codes.UNAVAILABLE);
        assertThat(failure.error().effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(failure.passes()).isTrue();
    }
}
