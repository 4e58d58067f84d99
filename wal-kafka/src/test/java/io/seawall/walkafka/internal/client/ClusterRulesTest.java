package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterRulesTest {
    private static final int TESTED = 31;

    private static ClusterRules.Facts facts(int transactionVersion, int metadataVersion) {
        return new ClusterRules.Facts(transactionVersion, metadataVersion, brokers(3, Map.of()), OptionalInt.of(3));
    }

    private static Map<Integer, Map<String, String>> brokers(int count, Map<String, String> settings) {
        var all = new HashMap<Integer, Map<String, String>>();
        for (var id = 0; id < count; id++) {
            all.put(id, settings);
        }
        return all;
    }

    @Test
    void acceptsTheTestedClusterWithoutWarnings() {
        assertThat(ClusterRules.unfit(facts(2, TESTED))).isEmpty();
        assertThat(ClusterRules.unsafe(facts(2, TESTED))).isEmpty();
        assertThat(ClusterRules.knownBugs(facts(2, TESTED))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2, 21, a broker below 4.0, upgrade the brokers",
        "0, 0, a broker below 4.0, upgrade the brokers",
        "1, 31, transaction.version=1, kafka-features.sh upgrade --feature transaction.version=2",
        "0, 25, transaction.version=0, kafka-features.sh upgrade --feature transaction.version=2"
    })
    void refusesAClusterThatDoesNotFenceAndStatesTheFix(
            int transactionVersion, int metadataVersion, String found, String fix) {
        var refusal = ClusterRules.unfit(facts(transactionVersion, metadataVersion));

        assertThat(refusal).hasValueSatisfying(error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(error).hasMessageContaining(found).hasMessageContaining(fix);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "25, KAFKA-19446, KAFKA-20090",
        "28, KAFKA-20090, CVE-2026-111108",
        "30, CVE-2026-111108, CVE-2026-111115"
    })
    void namesTheBugsOfEarlierReleases(int metadataVersion, String one, String other) {
        assertThat(ClusterRules.knownBugs(facts(2, metadataVersion)))
                .hasValueSatisfying(bugs -> assertThat(bugs).contains(one, other));
        assertThat(ClusterRules.unfit(facts(2, metadataVersion))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "22, true, true, true",
        "27, true, true, true",
        "28, false, true, true",
        "29, false, true, true",
        "30, false, false, true",
        "31, false, false, false"
    })
    void namesABugUntilTheReleaseThatFixesIt(int metadataVersion, boolean late, boolean hang, boolean memory) {
        var bugs = ClusterRules.knownBugs(facts(2, metadataVersion)).orElse("");

        assertThat(ClusterRules.unfit(facts(2, metadataVersion))).isEmpty();
        assertThat(bugs.contains("KAFKA-19446")).isEqualTo(late);
        assertThat(bugs.contains("KAFKA-20090")).isEqualTo(hang);
        assertThat(bugs.contains("CVE-")).isEqualTo(memory);
    }

    @ParameterizedTest
    @CsvSource({
        "1, transaction.partition.verification.enable, false, true",
        "1, unclean.leader.election.enable, true, false",
        "3, transaction.state.log.min.isr, 1, 2"
    })
    void namesAnUnsafeSettingItsValueItsBrokerAndTheFix(int brokers, String name, String value, String right) {
        var unsafe = ClusterRules.unsafe(
                new ClusterRules.Facts(2, TESTED, brokers(brokers, Map.of(name, value)), OptionalInt.of(3)));

        assertThat(unsafe).hasSize(brokers);
        assertThat(unsafe.get(0))
                .hasMessageContaining(name + "=" + value + " on broker 0")
                .hasMessageContaining("expected " + right)
                .hasMessageContaining("set " + name + "=" + right)
                .hasMessageContaining("topic.verify=warn");
    }

    @Test
    void warnsOfBrokersThatCreateDeletedTopicsAgain() {
        var facts = new ClusterRules.Facts(
                2,
                TESTED,
                Map.of(
                        1, Map.of("auto.create.topics.enable", "true"),
                        2, Map.of("auto.create.topics.enable", "false"),
                        3, Map.of()),
                OptionalInt.of(3));

        assertThat(ClusterRules.inconvenient(facts))
                .hasValueSatisfying(text -> assertThat(text).contains("auto.create.topics.enable=true on brokers [1]"));
        assertThat(ClusterRules.unsafe(facts)).isEmpty();
        assertThat(ClusterRules.inconvenient(facts(2, TESTED))).isEmpty();
    }

    @Test
    void aTransactionLogWithTooFewReplicasIsUnsafeIfThereAreEnoughBrokers() {
        var three = new ClusterRules.Facts(2, TESTED, brokers(3, Map.of()), OptionalInt.of(1));
        var one = new ClusterRules.Facts(2, TESTED, brokers(1, Map.of()), OptionalInt.of(1));

        assertThat(ClusterRules.unsafe(three))
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .hasMessageContaining("__transaction_state with 1 replicas")
                        .hasMessageContaining("kafka-reassign-partitions.sh"));
        assertThat(ClusterRules.unsafe(one)).isEmpty();
    }

    @Test
    void aSingleBrokerNeedsOneReplicaInSync() {
        var lone = brokers(1, Map.of("transaction.state.log.min.isr", "1"));

        assertThat(ClusterRules.unsafe(new ClusterRules.Facts(2, TESTED, lone, OptionalInt.of(1))))
                .isEmpty();
    }

    @Test
    void acceptsAClusterWhoseSettingsMayNotBeRead() {
        assertThat(ClusterRules.unsafe(new ClusterRules.Facts(2, TESTED, Map.of(), OptionalInt.empty())))
                .isEmpty();
    }
}
