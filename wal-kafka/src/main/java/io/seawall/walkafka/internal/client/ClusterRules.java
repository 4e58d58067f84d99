package io.seawall.walkafka.internal.client;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Checks that the transactions of a Kafka cluster fence old writers and keep acknowledged records. Does no I/O. */
final class ClusterRules {
    private static final String OPERATION = "use this Kafka cluster";
    private static final int TRANSACTION_VERSION = 2;

    // The highest metadata.version that the brokers of a release support; clients see nothing else of the release.
    private static final int KAFKA_4_0 = 22;
    private static final int KAFKA_4_2 = 28;
    private static final int KAFKA_4_3 = 30;
    private static final int KAFKA_4_4 = 31;

    private ClusterRules() {}

    /**
     * The facts about a cluster that the rules use.
     *
     * @param transactionVersion the finalized feature transaction.version; 0 if there is none
     * @param metadataVersion the highest metadata.version that the answering broker supports; 0 if unknown
     * @param brokers the settings of each broker, by its id; empty if they may not be read
     * @param transactionLogReplicas the replicas of the topic {@code __transaction_state}; empty if it does not exist yet or may
     *     not be described
     */
    record Facts(
            int transactionVersion,
            int metadataVersion,
            Map<Integer, Map<String, String>> brokers,
            OptionalInt transactionLogReplicas) {}

    /** Returns why no log may be opened on this cluster, even with {@code topic.verify=warn}: old writers would not be fenced. */
    static Optional<WalException> unfit(Facts facts) {
        if (facts.metadataVersion() < KAFKA_4_0) {
            return refusal(
                    "a broker below 4.0 (it supports metadata.version up to " + facts.metadataVersion() + ")",
                    "Kafka 4.0 or later",
                    "upgrade the brokers; 4.4.0 is what Seawall is tested with");
        }
        if (facts.transactionVersion() < TRANSACTION_VERSION) {
            return refusal(
                    "finalized feature transaction.version=" + facts.transactionVersion(),
                    "at least " + TRANSACTION_VERSION,
                    "upgrade the brokers to 4.0 or later, then: kafka-features.sh upgrade --feature"
                            + " transaction.version=2");
        }
        return Optional.empty();
    }

    /** Returns an error for each unsafe setting. */
    static List<WalException> unsafe(Facts facts) {
        var found = new ArrayList<WalException>();
        facts.brokers().forEach((id, settings) -> {
            wanted(id, settings, "transaction.partition.verification.enable", "true")
                    .ifPresent(found::add);
            wanted(id, settings, "unclean.leader.election.enable", "false").ifPresent(found::add);
            if (facts.brokers().size() >= 3) {
                atLeastTwo(id, settings, "transaction.state.log.min.isr").ifPresent(found::add);
            }
        });
        if (facts.brokers().size() >= 3 && facts.transactionLogReplicas().orElse(3) < 3) {
            refusal(
                            "topic __transaction_state with "
                                    + facts.transactionLogReplicas().getAsInt() + " replicas",
                            "3 replicas",
                            "reassign its partitions (kafka-reassign-partitions.sh), and set"
                                    + " transaction.state.log.replication.factor=3 on the brokers")
                    .ifPresent(found::add);
        }
        return found;
    }

    /** Returns a text about settings that endanger no records, but surprise an operator who deletes a topic. */
    static Optional<String> inconvenient(Facts facts) {
        var name = "auto.create.topics.enable";
        var brokers = facts.brokers().entrySet().stream()
                .filter(broker -> "true".equals(broker.getValue().get(name)))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return brokers.isEmpty()
                ? Optional.empty()
                : Optional.of(name + "=true on brokers " + brokers
                        + ": a topic that is deleted while a producer has a record for it is created again at once, with the"
                        + " brokers' settings; set " + name + "=false");
    }

    private static Optional<WalException> wanted(int broker, Map<String, String> settings, String name, String value) {
        var found = settings.getOrDefault(name, value);
        return found.equals(value) ? Optional.empty() : setting(broker, name, found, value);
    }

    private static Optional<WalException> atLeastTwo(int broker, Map<String, String> settings, String name) {
        var found = settings.getOrDefault(name, "2");
        return Integer.parseInt(found) >= 2 ? Optional.empty() : setting(broker, name, found, "2");
    }

    private static Optional<WalException> setting(int broker, String name, String found, String expected) {
        return refusal(
                name + "=" + found + " on broker " + broker,
                expected,
                "set " + name + "=" + expected
                        + " on every broker (kafka-configs.sh or server.properties), or start the node with"
                        + " topic.verify=warn");
    }

    private static Optional<WalException> refusal(String found, String expected, String fix) {
        return Optional.of(Problem.of(ErrorCode.INTERNAL, OPERATION)
                .found(found)
                .expected(expected)
                .fix(fix)
                .exception());
    }

    /** Returns the known bugs of an accepted release, as text; empty for the tested one. */
    static Optional<String> knownBugs(Facts facts) {
        if (facts.metadataVersion() >= KAFKA_4_4) {
            return Optional.empty();
        }
        var bugs = new ArrayList<String>();
        if (facts.metadataVersion() < KAFKA_4_2) {
            bugs.add("KAFKA-19446 (a late marker may end a newer transaction)");
        }
        if (facts.metadataVersion() < KAFKA_4_3) {
            bugs.add("KAFKA-20090 (a transactional id may hang for good)");
        }
        bugs.add("CVE-2026-111108 and CVE-2026-111115 (requests that exhaust the broker's memory)");
        return Optional.of(String.join(", ", bugs));
    }
}
