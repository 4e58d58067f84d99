package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.LaneFault;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaErrorsTest {
    /**
     * A row of docs/kafka.md#producer-errors.
     *
     * @param thrown the exception of Kafka's client
     * @param kind the kind of the lane's fault
     * @param code the error code for callers
     */
    record Row(Throwable thrown, LaneFault.Kind kind, ErrorCode code) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row(new ProducerFencedException("x"), LaneFault.Kind.FENCED, ErrorCode.FENCED),
                new Row(new InvalidProducerEpochException("x"), LaneFault.Kind.FENCED, ErrorCode.FENCED),
                new Row(new InvalidPidMappingException("x"), LaneFault.Kind.FENCED, ErrorCode.FENCED),
                new Row(new InvalidTxnStateException("x"), LaneFault.Kind.FENCED, ErrorCode.FENCED),
                new Row(
                        new TransactionAbortableException("x", new InvalidTxnStateException("x")),
                        LaneFault.Kind.FENCED,
                        ErrorCode.FENCED),
                new Row(
                        new KafkaException("in error state", new ProducerFencedException("x")),
                        LaneFault.Kind.FENCED,
                        ErrorCode.FENCED),
                new Row(
                        new TransactionAbortableException("x", new TimeoutException("x")),
                        LaneFault.Kind.UNAVAILABLE,
                        ErrorCode.UNAVAILABLE),
                new Row(new TimeoutException("x"), LaneFault.Kind.UNAVAILABLE, ErrorCode.UNAVAILABLE),
                new Row(new OutOfOrderSequenceException("x"), LaneFault.Kind.UNAVAILABLE, ErrorCode.UNAVAILABLE),
                new Row(new NotEnoughReplicasException("x"), LaneFault.Kind.UNAVAILABLE, ErrorCode.UNAVAILABLE),
                new Row(new CoordinatorNotAvailableException("x"), LaneFault.Kind.UNAVAILABLE, ErrorCode.UNAVAILABLE),
                new Row(new IllegalStateException("x"), LaneFault.Kind.UNAVAILABLE, ErrorCode.UNAVAILABLE),
                new Row(new RecordTooLargeException("x"), LaneFault.Kind.TOO_LARGE, ErrorCode.TOO_LARGE),
                new Row(
                        new KafkaException("in an error state", new RecordTooLargeException("another one")),
                        LaneFault.Kind.UNAVAILABLE,
                        ErrorCode.UNAVAILABLE),
                new Row(new InvalidRecordException("x"), LaneFault.Kind.REFUSED, ErrorCode.INVALID),
                new Row(new InvalidTimestampException("x"), LaneFault.Kind.REFUSED, ErrorCode.INVALID),
                new Row(
                        new KafkaException("in an error state", new InvalidRecordException("another one")),
                        LaneFault.Kind.UNAVAILABLE,
                        ErrorCode.UNAVAILABLE),
                new Row(new RecordBatchTooLargeException("x"), LaneFault.Kind.TOO_LARGE, ErrorCode.TOO_LARGE),
                new Row(
                        new KafkaException("x", new KafkaException("y", new RecordBatchTooLargeException("z"))),
                        LaneFault.Kind.UNAVAILABLE,
                        ErrorCode.UNAVAILABLE),
                new Row(deep(9, new ProducerFencedException("x")), LaneFault.Kind.FENCED, ErrorCode.FENCED),
                new Row(deep(10, new ProducerFencedException("x")), LaneFault.Kind.UNAVAILABLE, ErrorCode.UNAVAILABLE),
                new Row(endless(), LaneFault.Kind.UNAVAILABLE, ErrorCode.UNAVAILABLE),
                new Row(new UnknownTopicIdException("x"), LaneFault.Kind.GONE, ErrorCode.NOT_FOUND),
                new Row(new InvalidTopicException("x"), LaneFault.Kind.GONE, ErrorCode.NOT_FOUND),
                new Row(new ClusterAuthorizationException("x"), LaneFault.Kind.FORBIDDEN, ErrorCode.INTERNAL),
                new Row(new UnknownTopicOrPartitionException("x"), LaneFault.Kind.GONE, ErrorCode.NOT_FOUND),
                new Row(new TopicAuthorizationException("x"), LaneFault.Kind.FORBIDDEN, ErrorCode.INTERNAL),
                new Row(new TransactionalIdAuthorizationException("x"), LaneFault.Kind.FORBIDDEN, ErrorCode.INTERNAL),
                new Row(new SaslAuthenticationException("x"), LaneFault.Kind.FORBIDDEN, ErrorCode.INTERNAL));
    }

    private static Throwable deep(int wrappers, Throwable cause) {
        return wrappers == 0 ? cause : new KafkaException("in error state", deep(wrappers - 1, cause));
    }

    /** Returns an exception whose causes form a cycle. */
    private static Throwable endless() {
        var inner = new IllegalStateException("x");
        var outer = new KafkaException("y", inner);
        inner.initCause(outer);
        return outer;
    }

    @Test
    void theErrorNamesTheCauseTheLogAndTheFix() {
        var pchannel = PChannel.parse("a-0");

        var forbidden = KafkaErrors.walException("append to a-0", pchannel, new TopicAuthorizationException("no"));
        var fenced = KafkaErrors.walException("append to a-0", pchannel, new ProducerFencedException("other"));
        var gone = KafkaErrors.walException("append to a-0", pchannel, new UnknownTopicOrPartitionException("x"));
        var known = KafkaErrors.walException("look", pchannel, new CompletionException(gone));

        assertThat(forbidden).hasMessageContaining("append to a-0").hasMessageContaining("rights for its prefix");
        assertThat(fenced).hasMessageContaining("found other");
        assertThat(gone).hasMessageContaining("create the topic");
        assertThat(gone.problem().pchannel()).isEqualTo(pchannel);
        assertThat(known).as("translated only once").isSameAs(gone);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void translatesEveryRow(Row row) {
        var wrapped = new CompletionException(row.thrown());

        assertThat(KafkaErrors.laneFault(wrapped).kind()).isEqualTo(row.kind());
        assertThat(KafkaErrors.walException("append", PChannel.parse("a-0"), wrapped)
                        .code())
                .isEqualTo(row.code());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void keepsATranslatedError(Row row) {
        var fault = KafkaErrors.laneFault(row.thrown());

        assertThat(KafkaErrors.laneFault(fault)).isSameAs(fault);
        assertThat(KafkaErrors.walException("append", PChannel.parse("a-0"), fault)
                        .code())
                .isEqualTo(row.code());
    }

    @Test
    void namesTheRootCause() {
        var error = new KafkaException("Failed to construct kafka producer", new NoSuchFileException("/keys"));

        assertThat(KafkaErrors.walException("open orders-0", error))
                .hasMessage("cannot open orders-0: found Failed to construct kafka producer"
                        + " (/keys: no such file or directory)");
    }
}
