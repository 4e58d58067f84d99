package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.fake.ThrownErrors;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests when a cluster is checked, and that a broker that hangs delays no check. {@link ClusterRulesTest} tests the rules. */
class KafkaClusterTest {
    private static final long MINUTE_MS = Duration.ofMinutes(1).toMillis();

    private final FakeAdmin admin = new FakeAdmin();
    private final ManualTime time = new ManualTime();
    private final KafkaCluster cluster = new KafkaCluster(admin, true, time);

    @AfterEach
    void close() {
        admin.close(Duration.ZERO);
    }

    /** A broker that hangs may be the cause of the opening, so the opening must not wait for its settings. */
    @Test
    void aBrokerThatHangsDelaysNoOpening() {
        admin.silence(1);

        assertThat(cluster.checked()).isCompleted();
    }

    @Test
    void checksTheSettingsOfBrokers() {
        admin.setBrokerSetting("transaction.partition.verification.enable", "false");

        assertThat(ThrownErrors.failure(cluster.checked()))
                .hasMessageContaining("transaction.partition.verification.enable=false on broker 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void refusesAClusterThatDoesNotFenceEvenIfABrokerHangs(int level) {
        admin.silence(1);
        admin.setTransactionVersion(level);

        assertThat(ThrownErrors.failure(cluster.checked())).hasMessageContaining("transaction.version=" + level);
    }

    @Test
    void remembersAGoodResultForAMinute() {
        assertThat(cluster.checked()).isCompleted();
        admin.setTransactionVersion(1);
        time.advance(MINUTE_MS - 1);

        assertThat(cluster.checked()).isCompleted();
        assertThat(admin.featureRequests()).isEqualTo(1);

        time.advance(1);

        assertThat(ThrownErrors.failure(cluster.checked())).hasMessageContaining("transaction.version=1");
    }

    @Test
    void remembersNoBadResult() {
        admin.setTransactionVersion(1);
        assertThat(cluster.checked()).isCompletedExceptionally();

        admin.setTransactionVersion(2);

        assertThat(cluster.checked()).isCompleted();
    }

    @Test
    void verifiesTheFeaturesEachTimeAndTheSettingsOfBrokersOnceAMinute() {
        assertThat(cluster.verify()).isCompleted();
        admin.setBrokerSetting("transaction.partition.verification.enable", "false");
        time.advance(MINUTE_MS - 1);

        assertThat(cluster.verify()).as("the settings are trusted for a minute").isCompleted();
        assertThat(admin.featureRequests()).isEqualTo(2);

        time.advance(1);

        assertThat(ThrownErrors.failure(cluster.verify())).hasMessageContaining("verification.enable=false");
    }

    @Test
    void noticesAtOnceThatTheClusterDoesNotFenceAnyMore() {
        assertThat(cluster.verify()).isCompleted();

        admin.setTransactionVersion(1);

        assertThat(ThrownErrors.failure(cluster.verify())).hasMessageContaining("transaction.version=1");
    }
}
