package io.seawall.coordinator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaErrorCodesTest {
    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(new ProducerFencedException("x"), ErrorCode.FENCED),
                Arguments.of(new InvalidProducerEpochException("x"), ErrorCode.FENCED),
                Arguments.of(new KafkaException("outer", new InvalidTxnStateException("x")), ErrorCode.FENCED),
                Arguments.of(new TopicAuthorizationException("x"), ErrorCode.FORBIDDEN),
                Arguments.of(new SaslAuthenticationException("x"), ErrorCode.FORBIDDEN),
                Arguments.of(new RecordTooLargeException("x"), ErrorCode.TOO_LARGE),
                Arguments.of(new KafkaException("outer", new ConfigException("x")), ErrorCode.INVALID),
                Arguments.of(new TimeoutException("x"), ErrorCode.UNAVAILABLE),
                Arguments.of(new ExecutionException(new TimeoutException("x")), ErrorCode.UNAVAILABLE),
                Arguments.of(new IllegalStateException("x"), ErrorCode.UNAVAILABLE));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void eachErrorHasACodeAndNamesItsCause(Throwable error, ErrorCode code) {
        assertThat(KafkaErrors.translated("do it", error).code()).isEqualTo(code);
        assertThat(KafkaErrors.translated("do it", error)).hasMessageContaining("x");
        assertThat(KafkaErrors.translated("do it", error).effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void aWriteThatFailedMayHaveBeenDone() {
        assertThat(KafkaErrors.ofWrite("write", new ProducerFencedException("x"))
                        .effect())
                .isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void anErrorOfOursIsKept() {
        var ours = KafkaErrors.translated("do it", new TimeoutException("x"));

        assertThat(KafkaErrors.ofWrite("write", ours)).isSameAs(ours);
    }
}
