package io.seawall.walkafka.internal.client;

import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests which requests are refused locally, and the errors if Kafka fails. Needs no Kafka. */
class KafkaTopicAdminTest {
    private static final TopicSpec ORDERS = TopicSpec.of("orders", 2).withReplicationFactor(1);

    private final FakeAdmin admin = new FakeAdmin();
    private final KafkaTopicAdmin topics = new KafkaTopicAdmin(
            admin, KafkaConnection.plain("localhost:1", "seawall-"), WalSettings.defaults(), new HastyTime());

    /** A clock on which every pause ends at once. */
    private static final class HastyTime implements Time {
        private long elapsedMs;

        @Override
        public long wallMs() {
            return elapsedMs;
        }

        @Override
        public long elapsedMs() {
            return elapsedMs;
        }

        @Override
        public void after(long delayMs, Runnable task) {
            elapsedMs += delayMs;
            task.run();
        }
    }

    @AfterEach
    void closeAdmin() {
        admin.close(Duration.ZERO);
    }

    /** Returns errors after which it is unknown whether Kafka carried out the request. */
    static Stream<RuntimeException> lost() {
        return Stream.of(
                new TimeoutException("Call(callName=createTopics) timed out after 1 attempt(s)"),
                new DisconnectException(),
                new UnknownServerException("x"),
                new KafkaException("x"));
    }

    @ParameterizedTest
    @MethodSource("lost")
    void theEffectOfAChangeIsUnknownIfItsAnswerIsLost(RuntimeException error) {
        admin.failChanges(error);

        assertThat(failure(() -> topics.create(ORDERS)).effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(failure(() -> topics.delete("orders")).effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(failure(topics.deleteBelow(new PChannel("orders", 0), 7)).effect())
                .isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void aChangeThatKafkaRefusesHasNoEffect() {
        admin.failChanges(new TopicAuthorizationException("x"));

        assertThat(failure(() -> topics.create(ORDERS)).effect()).isEqualTo(Effect.NONE);
        assertThat(failure(() -> topics.delete("orders")).effect()).isEqualTo(Effect.NONE);
        assertThat(failure(topics.deleteBelow(new PChannel("orders", 0), 7)).effect())
                .isEqualTo(Effect.NONE);
    }

    @Test
    void theEffectOfGrowingIsUnknownIfItsAnswerIsLost() {
        // given: a topic with one partition
        admin.setLeaders("seawall-orders", 0);
        admin.failChanges(new TopicExistsException("x"));
        var two = TopicSpec.of("orders", 2);

        admin.failGrowing(new TimeoutException("x"));
        assertThat(failure(() -> topics.create(two)).effect()).isEqualTo(Effect.UNKNOWN);

        admin.failGrowing(new InvalidPartitionsException("x"));
        assertThat(failure(() -> topics.create(two)).effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void theEffectIsAppliedIfACreatedTopicHasNoLeaderYet() {
        // given: created, and described without a leader
        admin.setLeaders("seawall-orders", -1, -1);

        var error = failure(() -> topics.create(ORDERS));

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error.effect()).isEqualTo(Effect.APPLIED);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "1, 0", "1, -1", "1, 40000"})
    void refusesNumbersThatNoTopicCanHave(int pchannels, int replicationFactor) {
        var error = refusal(TopicSpec.of("orders", pchannels).withReplicationFactor(replicationFactor));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error).hasMessageContaining(pchannels + " pchannels, replicationFactor " + replicationFactor);
    }

    @Test
    void refusesACompressionThatKafkaDoesNotKnow() {
        var error = refusal(TopicSpec.of("orders", 1).withCompression("rar"));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error).hasMessageContaining("rar");
    }

    @Test
    void namesTheAddressOfAClusterThatDoesNotAnswer() {
        var nobody = Admin.create(
                Map.of("bootstrap.servers", "localhost:1", "default.api.timeout.ms", 500, "request.timeout.ms", 500));
        try {
            var away = new KafkaTopicAdmin(
                    nobody, KafkaConnection.plain("localhost:1", "seawall-"), WalSettings.defaults(), new ManualTime());

            var error = failure(away::verifyCluster);

            assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(error)
                    .hasMessageContaining("expected an answer of a broker at localhost:1")
                    .hasMessageContaining("bootstrap.servers");
        } finally {
            nobody.close(Duration.ZERO);
        }
    }

    private static WalException refusal(TopicSpec spec) {
        var connection = KafkaConnection.plain("localhost:1", "seawall-");
        var admin = Admin.create(Map.of("bootstrap.servers", "localhost:1"));
        try {
            var topics = new KafkaTopicAdmin(admin, connection, WalSettings.defaults(), new ManualTime());
            return failure(() -> topics.create(spec));
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    @Test
    void aTopicWithMoreReplicasThanBrokersIsInvalid() {
        var refused = new InvalidReplicationFactorException("planted");

        var error = KafkaTopicAdmin.tooFewBrokers(TopicSpec.of("orders", 1), 3, 2, refused);

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error).hasMessageContaining("found replicationFactor 3, expected at most the number of brokers, 2");
    }

    @Test
    void aTopicWhoseReplicasHaveBrokersThatWereAwayCanBeTriedAgain() {
        var refused = new InvalidReplicationFactorException("All brokers are currently fenced");

        var error = KafkaTopicAdmin.tooFewBrokers(TopicSpec.of("orders", 1), 1, 1, refused);

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error).hasMessageContaining("try again");
    }
}
