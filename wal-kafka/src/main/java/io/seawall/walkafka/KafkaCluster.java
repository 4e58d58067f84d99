package io.seawall.walkafka;

import io.seawall.wal.WalException;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeMetadataQuorumOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether the cluster does; remembers for a while that it did. For any thread; does not block. */
final class KafkaCluster {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaCluster.class);
    private static final String TRANSACTION_LOG = "__transaction_state";

    /** A feature can be downgraded and a broker replaced while we run. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private static final int LONGEST_ANSWER_MS = 2_000;

    private final Admin admin;
    private final boolean strict;
    private final Time time;
    private final Set<String> warned = new HashSet<>(); // guarded by itself; as many as there are rules and brokers
    private CompletableFuture<Void> looking = CompletableFuture.completedFuture(null); // guarded by this
    private volatile long goodUntilMs = Long.MIN_VALUE; // written by whoever has looked, read by all

    KafkaCluster(Admin admin, boolean strict, Time time) {
        this.admin = admin;
        this.strict = strict;
        this.time = time;
    }

    /** Looks, unless somebody did a moment ago and found nothing wrong; many who ask at once share one look. */
    synchronized CompletableFuture<Void> checked() {
        if (time.elapsedMs() < goodUntilMs) {
            return CompletableFuture.completedFuture(null);
        }
        if (looking.isDone()) {
            looking = check();
        }
        return looking.copy();
    }

    /** Looks; fails with what is wrong and how to mend it. */
    CompletableFuture<Void> check() {
        var features = KafkaTopics.future(admin.describeFeatures().featureMetadata());
        return features.thenCombine(brokers(), (found, brokers) -> new Seen(found, brokers))
                .thenCombine(transactionLogReplicas(), (seen, replicas) -> facts(seen, replicas))
                .thenAccept(this::judge)
                .exceptionallyCompose(error ->
                        CompletableFuture.failedFuture(KafkaErrors.walException("look at Kafka's features", error)));
    }

    /** See {@link KafkaTopics#askController}. */
    CompletableFuture<Void> askController() {
        // A broker passes this one on to the controller; most other questions it answers by itself.
        var quorum = admin.describeMetadataQuorum(new DescribeMetadataQuorumOptions().timeoutMs(LONGEST_ANSWER_MS));
        return KafkaTopics.future(quorum.quorumInfo())
                .<Void>thenApply(info -> null)
                .exceptionallyCompose(error -> Futures.unwrapped(error) instanceof AuthorizationException
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(KafkaErrors.walException("ask Kafka's controller", error)));
    }

    private record Seen(FeatureMetadata features, Map<Integer, Map<String, String>> brokers) {}

    private static ClusterRules.Facts facts(Seen seen, OptionalInt transactionLogReplicas) {
        var transactions = seen.features().finalizedFeatures().get("transaction.version");
        var metadata = seen.features().supportedFeatures().get("metadata.version");
        return new ClusterRules.Facts(
                transactions == null ? 0 : transactions.maxVersionLevel(),
                metadata == null ? 0 : metadata.maxVersion(),
                seen.brokers(),
                transactionLogReplicas);
    }

    private void judge(ClusterRules.Facts facts) {
        ClusterRules.unfit(facts).ifPresent(refusal -> {
            throw refusal;
        });
        var unsafe = ClusterRules.unsafe(facts);
        if (strict && !unsafe.isEmpty()) {
            throw unsafe.get(0);
        }
        unsafe.forEach(problem -> warnOnce("Kafka's settings are unsafe", problem));
        ClusterRules.knownBugs(facts)
                .ifPresent(bugs -> warnOnce("Kafka below 4.4.0 is allowed, and has bugs that concern Seawall", bugs));
        goodUntilMs = time.elapsedMs() + FRESH.toMillis();
    }

    private void warnOnce(String message, WalException problem) {
        warnOnce(message, String.valueOf(problem.getMessage()));
    }

    private void warnOnce(String message, String detail) {
        boolean first;
        synchronized (warned) {
            first = warned.add(message + detail);
        }
        if (first) {
            LOG.atWarn().setMessage(message).addKeyValue("error", detail).log();
        }
    }

    /** Whoever may only write topics may not read the brokers' settings: then these are left out, with a word. */
    private CompletableFuture<Map<Integer, Map<String, String>>> brokers() {
        return KafkaTopics.future(admin.describeCluster().nodes())
                .thenCompose(nodes ->
                        KafkaTopics.future(admin.describeConfigs(resources(List.copyOf(nodes)), withinAMoment())
                                .all()))
                .thenApply(KafkaCluster::settings)
                .exceptionally(error -> {
                    warnOnce(
                            "the brokers' settings cannot be read, and were not checked",
                            String.valueOf(error.getMessage()));
                    return Map.of();
                });
    }

    /** Each broker answers for itself, and one that hangs must not hold up an opening, which may be because of it. */
    private static DescribeConfigsOptions withinAMoment() {
        return new DescribeConfigsOptions().timeoutMs(LONGEST_ANSWER_MS);
    }

    private static List<ConfigResource> resources(List<Node> nodes) {
        return nodes.stream()
                .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                .toList();
    }

    private static Map<Integer, Map<String, String>> settings(Map<ConfigResource, Config> configs) {
        var brokers = new HashMap<Integer, Map<String, String>>();
        configs.forEach((broker, config) -> brokers.put(Integer.valueOf(broker.name()), KafkaTopics.settings(config)));
        return brokers;
    }

    /** Kafka makes that topic at the first transaction; until then, and where it may not be described, there is nothing to say. */
    private CompletableFuture<OptionalInt> transactionLogReplicas() {
        return KafkaTopics.future(admin.describeTopics(List.of(TRANSACTION_LOG))
                        .topicNameValues()
                        .get(TRANSACTION_LOG))
                .thenApply(topic -> topic.partitions().stream()
                        .mapToInt(partition -> partition.replicas().size())
                        .min())
                .exceptionally(absent -> OptionalInt.empty());
    }
}
