package io.seawall.client.internal.rpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Attributes;
import io.grpc.CallCredentials.MetadataApplier;
import io.grpc.CallCredentials.RequestInfo;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.client.ClientOptions;
import io.seawall.client.TlsOptions;
import io.seawall.client.log.Codes;
import io.seawall.client.log.SeawallException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenCredentialsTest {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** What became of a call. */
    private static final class Applied extends MetadataApplier {
        private @Nullable Metadata headers;
        private @Nullable Status failure;

        @Override
        public void apply(Metadata added) {
            headers = added;
        }

        @Override
        public void fail(Status status) {
            failure = status;
        }
    }

    private static Applied call(Supplier<String> token, boolean everywhere, String authority) {
        var applied = new Applied();
        var request = new RequestInfo() {
            @Override
            public MethodDescriptor<?, ?> getMethodDescriptor() {
                return LogServiceGrpc.getTrimMethod();
            }

            @Override
            public SecurityLevel getSecurityLevel() {
                return SecurityLevel.NONE;
            }

            @Override
            public String getAuthority() {
                return authority;
            }

            @Override
            public Attributes getTransportAttrs() {
                return Attributes.EMPTY;
            }
        };
        new TokenCredentials(token, everywhere).applyRequestMetadata(request, Runnable::run, applied);
        return applied;
    }

    @ParameterizedTest
    @CsvSource({
        "node-1:7071,               true,  true",
        "node-1:7071,               false, false",
        "10.0.0.1:7071,             false, false",
        "127.0.0.1:7071,            false, true",
        "127.8.8.8:7071,            false, true",
        "[::1]:7071,                false, true",
        "[fe80::1]:7071,            false, false",
        "localhost:7071,            false, true",
        "localhost.example.com:1,   false, false",
        "127.0.0.1.example.com:1,   false, false"
    })
    void aTokenGoesInPlainTextToThisMachineAlone(String authority, boolean everywhere, boolean sent) {
        var applied = call(() -> "seawall_x", everywhere, authority);

        if (sent) {
            assertThat(requireNonNull(applied.headers).get(AUTHORIZATION)).isEqualTo("Bearer seawall_x");
        } else {
            assertThat(applied.headers).isNull();
            var failure = requireNonNull(applied.failure);
            assertThat(failure.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(failure.getDescription()).contains("not sent in plain text to " + authority);
        }
    }

    @Test
    void theTokenIsAskedForWithEachCall() {
        var count = new AtomicInteger();
        Supplier<String> tokens = () -> "t" + count.incrementAndGet();

        assertThat(call(tokens, true, "n:1").headers).isNotNull();
        var second = call(tokens, true, "n:1").headers;

        assertThat(requireNonNull(second).get(AUTHORIZATION)).isEqualTo("Bearer t2");
    }

    @Test
    void aTokenThatCannotBeSentEndsTheCall() {
        var broken = call(() -> "a\nb", true, "n:1").failure;
        var failed = call(
                        () -> {
                            throw new IllegalStateException("no file");
                        },
                        true,
                        "n:1")
                .failure;

        assertThat(requireNonNull(broken).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(requireNonNull(failed).getCause()).hasMessage("no file");
    }

    @Test
    void optionsRefuseToSendATokenInPlainText() {
        var builder = ClientOptions.builder().endpoint("node-1:7071").token(() -> "t");

        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        SeawallException.class,
                        error -> assertThat(error.code()).isEqualTo(Codes.INVALID))
                .hasMessageContaining("found no TLS with node-1:7071")
                .hasMessageContaining("tokenInPlainText");
        assertThatCode(() -> ClientOptions.builder()
                        .endpoint("node-1:7071")
                        .token(() -> "t")
                        .tls(TlsOptions.trustingTheJvm())
                        .build())
                .doesNotThrowAnyException();
        assertThatCode(() -> builder.tokenInPlainText().build()).doesNotThrowAnyException();
        assertThatCode(() -> ClientOptions.builder()
                        .endpoint("127.0.0.1:7071")
                        .token(() -> "t")
                        .build())
                .doesNotThrowAnyException();
    }
}
