package io.seawall.it.faults;

import static io.seawall.it.faults.FaultyKafka.get;
import static io.seawall.it.faults.FaultyKafka.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.it.proxy.Frame.Direction;
import io.seawall.it.proxy.FrameFault;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import io.seawall.walkafka.KafkaWals;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A cluster with an older transaction version: T3 of docs/faults.md. No log can be opened there, unless the feature is
 * lowered within the minute for which an opener trusts its last check of the cluster.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class TransactionVersionIT {
    private static final String FEATURE = "transaction.version";
    private static final Duration SOON = Duration.ofSeconds(20);

    private static FaultyKafka kafka;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(1, brokers -> brokers.feature(FEATURE, 0));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anOpeningIsRefusedWithTheFixAndDisturbsNobody(int level) {
        setLevel(2);
        var pchannel = kafka.create(kafka.directly("creates" + level), "refused" + level);
        setLevel(level);
        var node = kafka.directly("refused" + level);

        assertThatThrownBy(() -> open(node, pchannel, 1))
                .isInstanceOfSatisfying(
                        WalException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INTERNAL))
                .hasMessageContaining("found finalized feature transaction.version=" + level)
                .hasMessageContaining("expected at least 2")
                .hasMessageContaining("kafka-features.sh upgrade --feature transaction.version=2");

        assertThatThrownBy(() -> kafka.transaction(pchannel, "a"))
                .as("an unused transactional id")
                .hasRootCauseInstanceOf(TransactionalIdNotFoundException.class);
        setLevel(2);
        var appends = new Appends(pchannel);
        try (var wal = open(node, pchannel, 1)) {
            appends.appendEach(wal, "after-the-fix", 5);
        }
        assertThat(Verdict.of(kafka, appends)).hasSize(5);
    }

    @Test
    void anOwnerOutlivesADowngradeToOneAndHasNoSuccessorUntilItIsUndone() {
        downgradeUnderLoad(1, () -> {});
    }

    /**
     * Kafka cannot end a transaction of the newer version at level 0: its coordinator fails at the first one, and treats the
     * transactional id as busy until it is restarted.
     */
    @Test
    void anOwnerThatADowngradeToZeroStopsGoesOnWhenItIsUndoneAndTheCoordinatorRestarted() {
        downgradeUnderLoad(0, () -> kafka.broker(0).restart());
    }

    private static void downgradeUnderLoad(int level, Runnable afterwards) {
        setLevel(2);
        var owner = kafka.directly("owner" + level);
        var appends = new Appends(kafka.create(owner, "downgraded" + level));
        try (var wal = open(owner, appends.pchannel(), 1);
                var load = new WalLoad(appends, 200, () -> wal)) {
            load.awaitAcknowledged(100);
            setLevel(level);
            assertThatThrownBy(() -> open(kafka.directly("other" + level), appends.pchannel(), 2))
                    .hasMessageContaining("transaction.version=" + level);
            setLevel(2);
            afterwards.run();
            load.awaitAcknowledged(300);
            load.stop();
            System.out.println("downgraded to " + level + ": epoch " + wal.epoch());
            assertThat(wal.term()).isEqualTo(1);
            assertThat(wal.ended()).isNotDone();
        }
        assertThat(appends.history().unknownCount()).isZero();
        Verdict.of(kafka, appends);
    }

    /** T3, after the check of the cluster. */
    @Test
    void bytesOfAZombieThatArriveAfterADowngradeAndATakeoverAreRefused() {
        setLevel(2);
        var zombie = kafka.throughProxy("zombie");
        var successor = withAFreshLook("successor");
        var pchannel = kafka.create(zombie, "late-produce");
        var appends = new Appends(pchannel);
        try (var old = open(zombie, pchannel, 1)) {
            appends.appendEach(old, "before", 20);
            setLevel(1);
            var held = kafka.proxy()
                    .plant(FrameFault.hold(Direction.REQUEST, ApiKeys.PRODUCE).carrying("too-late"));
            var late = appends.append(old, "too-late");
            held.awaitStruck(SOON);
            try (var wal = open(successor, pchannel, 2)) {
                appends.appendEach(wal, "after", 5);

                held.release();

                var end = old.ended()
                        .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                        .join();
                assertThat(end.code()).isEqualTo(ErrorCode.FENCED);
                appends.awaitAnswers(SOON);
                assertThat(late).isCompletedExceptionally();
                appends.appendEach(wal, "end", 5);
            }
        }
        setLevel(2); // readers check the cluster too
        assertThat(Verdict.of(kafka, appends)).hasSize(30);
        assertThat(Verdict.data(Verdict.raw(kafka, pchannel, "read_uncommitted")))
                .as("not even as a void record")
                .noneMatch(entry -> entry.value().equals("too-late"));
    }

    /** Returns a node that has just checked the cluster successfully. */
    private static KafkaWals withAFreshLook(String name) {
        var node = kafka.directly(name);
        open(node, kafka.create(node, "seen-by-" + name), 1).close();
        return node;
    }

    private static void setLevel(int level) {
        var before = level();
        if (before == level) {
            return;
        }
        var how = level > before ? UpgradeType.UPGRADE : UpgradeType.SAFE_DOWNGRADE;
        get(kafka.admin()
                .updateFeatures(Map.of(FEATURE, new FeatureUpdate((short) level, how)), new UpdateFeaturesOptions())
                .all());
        Awaitility.await("the broker has heard of it").atMost(SOON).until(() -> level() == level);
    }

    private static int level() {
        return level(kafka);
    }

    private static int level(FaultyKafka of) {
        var finalized = get(of.admin().describeFeatures().featureMetadata()).finalizedFeatures();
        var found = finalized.get(FEATURE);
        return found == null ? 0 : found.maxVersionLevel();
    }

    @Test
    void kafkaLocalFormatsWithTheLevelThatItIsGiven() {
        try (var old = FaultyKafka.start(1, brokers -> brokers.feature(FEATURE, 1))) {
            assertThat(level(old)).isEqualTo(1);
        }
    }
}
