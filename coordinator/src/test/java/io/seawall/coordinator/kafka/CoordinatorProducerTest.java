package io.seawall.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Coordinator;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.coordinator.placement.Changes;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.WalException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The coordinators' transactional id on Kafka's fake producer. */
@Timeout(60)
class CoordinatorProducerTest {
    private static final Changes CHANGES = new Changes(
            List.of(new Topic("a", 1), new Coordinator("n1", "n1-a", "nonce", 1, Instant.EPOCH)),
            List.of(MetaKey.topic("b")));

    private final List<MockProducer<byte[], byte[]>> made = new ArrayList<>();
    private final CoordinatorProducer coordinator = new CoordinatorProducer("meta", this::make);

    private Producer<byte[], byte[]> make() {
        var producer = new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        made.add(producer);
        return producer;
    }

    @AfterEach
    void close() {
        coordinator.close();
    }

    private static void done(CompletableFuture<Void> call) throws Exception {
        call.get(20, TimeUnit.SECONDS);
    }

    private static WalException error(CompletableFuture<Void> call) throws Exception {
        var error = call.handle((nothing, failure) -> FutureErrors.unwrapped(Objects.requireNonNull(failure, "done")))
                .get(20, TimeUnit.SECONDS);
        assertThat(error).isInstanceOf(WalException.class);
        return (WalException) error;
    }

    @Test
    void aDecisionIsOneTransactionWhoseLastRecordIsTheCoordinators() throws Exception {
        done(coordinator.takeId("nonce"));

        done(coordinator.write("nonce", CHANGES));

        var producer = made.get(0);
        assertThat(producer.commitCount()).isOne();
        assertThat(producer.history())
                .extracting(record -> new String(record.key(), UTF_8))
                .containsExactly("topic/b", "topic/a", "coordinator");
        assertThat(producer.history())
                .extracting(record -> record.value() == null)
                .containsExactly(true, false, false);
        assertThat(producer.history())
                .allSatisfy(record -> assertThat(record.partition()).isZero());
    }

    @Test
    void eachAttemptHasAProducerOfItsOwn() throws Exception {
        done(coordinator.takeId("first"));
        done(coordinator.takeId("second"));

        assertThat(made).hasSize(2);
        assertThat(made.get(0).closed()).isTrue();
        assertThat(made.get(1).transactionInitialized()).isTrue();
        assertThat(error(coordinator.write("first", CHANGES)).code()).isEqualTo(ErrorCode.FENCED);
        assertThat(made.get(1).history()).isEmpty();
        assertThat(error(coordinator.write("second", CHANGES)).code())
                .as("the producer was thrown away with the first error")
                .isEqualTo(ErrorCode.FENCED);
    }

    @Test
    void anIdThatCannotBeTakenInTimeIsNotWrittenThrough() throws Exception {
        var failing = new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        failing.initTransactionException = new TimeoutException("no answer");
        var late = new CoordinatorProducer("meta", () -> failing);

        var error = error(late.takeId("nonce"));

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error.effect()).as("the broker may have taken it").isEqualTo(Effect.UNKNOWN);
        assertThat(error(late.write("nonce", CHANGES)).code()).isEqualTo(ErrorCode.FENCED);
        late.close();
        assertThat(failing.closed()).isTrue();
    }

    @Test
    void aCoordinatorThatAnotherOneFencedIsToldSo() throws Exception {
        done(coordinator.takeId("nonce"));
        made.get(0).fenceProducer();

        var error = error(coordinator.write("nonce", CHANGES));

        assertThat(error.code()).isEqualTo(ErrorCode.FENCED);
        assertThat(made.get(0).history()).isEmpty();
        assertThat(error(coordinator.write("nonce", CHANGES)).code()).isEqualTo(ErrorCode.FENCED);
        assertThat(made.get(0).closed()).isTrue();
    }

    /** The error after transactional.id.expiration.ms without a decision (kafka #17822). The next attempt takes the id anew. */
    @Test
    void anIdThatHasExpiredEndsTheAttempt() throws Exception {
        done(coordinator.takeId("nonce"));
        made.get(0).commitTransactionException = new KafkaException(new InvalidPidMappingException("expired"));

        assertThat(error(coordinator.write("nonce", CHANGES)).code()).isEqualTo(ErrorCode.FENCED);

        done(coordinator.takeId("next"));
        done(coordinator.write("next", CHANGES));
        assertThat(made.get(1).commitCount()).isOne();
    }

    @Test
    void aCommitWithoutAnAnswerHasAnUnknownOutcomeAndIsTheLastOfItsProducer() throws Exception {
        done(coordinator.takeId("nonce"));
        made.get(0).commitTransactionException = new TimeoutException("no answer");

        var error = error(coordinator.write("nonce", CHANGES));

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(error(coordinator.write("nonce", CHANGES)).code()).isEqualTo(ErrorCode.FENCED);
        assertThat(made.get(0).closed()).isTrue();
    }

    @Test
    void aRecordThatKafkaRefusesIsNotCommitted() throws Exception {
        done(coordinator.takeId("nonce"));
        made.get(0).sendException = new RecordTooLargeException("too large");

        assertThat(error(coordinator.write("nonce", CHANGES)).code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(made.get(0).commitCount()).isZero();
    }

    @Test
    void aWriterThatIsClosedRefusesCalls() throws Exception {
        done(coordinator.takeId("nonce"));
        coordinator.close();

        assertThat(made.get(0).closed()).isTrue();
        assertThat(error(coordinator.write("nonce", CHANGES)).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(error(coordinator.takeId("next")).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }
}
