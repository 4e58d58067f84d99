package io.seawall.walkafka.internal.client;

import io.seawall.wal.FutureErrors;
import io.seawall.walkafka.admin.KafkaTopics;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeMetadataQuorumOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the cluster against {@link ClusterRules} and remembers a good result for a minute. Thread-safe; does not block. */
final class KafkaCluster {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaCluster.class);
    private static final String TRANSACTION_LOG = "__transaction_state";

    /** How long a good result counts: a feature can be downgraded and a broker replaced while this process runs. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private static final int LONGEST_ANSWER_MS = 2_000;

    /** Short enough to ask a second broker before a caller that stops has waited for 3 s. */
    private static final int LONGEST_ANSWER_OF_A_BROKER_MS = 1_200;

    private final Admin admin;
    private final boolean strict;
    private final Time time;
    private final ReportedProblems reported = new ReportedProblems();
    private CompletableFuture<Void> checking = CompletableFuture.completedFuture(null); // guarded by this
    private volatile long goodUntilMs = Long.MIN_VALUE; // written by the thread that checked, read by all
    private volatile @Nullable Settings known; // of the last good check; written before goodUntilMs

    KafkaCluster(Admin admin, boolean strict, Time time) {
        this.admin = admin;
        this.strict = strict;
        this.time = time;
    }

    /** Checks the cluster, unless a check less than a minute ago succeeded. Concurrent callers share one check. */
    synchronized CompletableFuture<Void> checked() {
        if (time.elapsedMs() < goodUntilMs) {
            return CompletableFuture.completedFuture(null);
        }
        if (checking.isDone()) {
            checking = check();
        }
        return checking.copy();
    }

    /**
     * Checks that Kafka answers and that its features are still those that fence. Checks the rest too, unless a check less than a
     * minute ago succeeded: the settings of brokers are large, and each node of a cluster calls this every two seconds.
     */
    CompletableFuture<Void> verify() {
        var settings = known;
        if (settings == null || time.elapsedMs() >= goodUntilMs) {
            return check();
        }
        return translated(features().thenAccept(found -> judge(found, settings)));
    }

    /**
     * Checks the cluster now.
     *
     * @return completes if the cluster may be used; fails with a {@link WalException} that names the problem and its fix
     */
    CompletableFuture<Void> check() {
        var settings = brokers().thenCombine(transactionLogReplicas(), Settings::new);
        return translated(features().thenAcceptBoth(settings, (found, read) -> {
            warn(judge(found, read));
            known = read;
            goodUntilMs = time.elapsedMs() + FRESH.toMillis();
        }));
    }

    private CompletableFuture<FeatureMetadata> features() {
        return KafkaTopicAdmin.future(admin.describeFeatures().featureMetadata());
    }

    private static CompletableFuture<Void> translated(CompletableFuture<Void> check) {
        return check.exceptionallyCompose(
                error -> CompletableFuture.failedFuture(KafkaErrors.walException("read Kafka's features", error)));
    }

    /** Sends a request that each broker can answer; see {@link KafkaTopics#askBroker}. */
    CompletableFuture<Void> askBroker() {
        var cluster = admin.describeCluster(new DescribeClusterOptions().timeoutMs(LONGEST_ANSWER_OF_A_BROKER_MS));
        return answered("ask a broker", cluster.clusterId());
    }

    /** Sends the controller a request; see {@link KafkaTopics#askController}. */
    CompletableFuture<Void> askController() {
        // A broker forwards this request to the controller; it answers most others itself.
        var quorum = admin.describeMetadataQuorum(new DescribeMetadataQuorumOptions().timeoutMs(LONGEST_ANSWER_MS));
        return answered("ask Kafka's controller", quorum.quorumInfo());
    }

    /** A refusal to answer this user is an answer, too. */
    private static CompletableFuture<Void> answered(String operation, KafkaFuture<?> answer) {
        return KafkaTopicAdmin.future(answer)
                .<Void>thenApply(info -> null)
                .exceptionallyCompose(error -> FutureErrors.unwrapped(error) instanceof AuthorizationException
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(KafkaErrors.walException(operation, error)));
    }

    /**
     * What a check reads besides the features.
     *
     * @param brokers the brokers' settings
     * @param transactionLogReplicas the replicas of the transactions' topic; empty if they are not known
     */
    private record Settings(Brokers brokers, OptionalInt transactionLogReplicas) {}

    /**
     * The settings of the brokers.
     *
     * @param settings the settings of each broker, by its id; empty if they could not be read
     * @param unread why they could not be read, or null
     */
    private record Brokers(
            Map<Integer, Map<String, String>> settings,
            @Nullable String unread) {}

    private static ClusterRules.Facts facts(FeatureMetadata features, Settings settings) {
        var transactions = features.finalizedFeatures().get("transaction.version");
        var metadata = features.supportedFeatures().get("metadata.version");
        return new ClusterRules.Facts(
                transactions == null ? 0 : transactions.maxVersionLevel(),
                metadata == null ? 0 : metadata.maxVersion(),
                settings.brokers().settings(),
                settings.transactionLogReplicas());
    }

    /** Throws the refusal if the cluster must not be used; otherwise returns the warnings. */
    private List<String> judge(FeatureMetadata features, Settings settings) {
        var facts = facts(features, settings);
        ClusterRules.unfit(facts).ifPresent(refusal -> {
            throw refusal;
        });
        var unsafe = ClusterRules.unsafe(facts);
        if (strict && !unsafe.isEmpty()) {
            throw unsafe.get(0);
        }
        var warnings = new ArrayList<String>();
        unsafe.forEach(problem -> warnings.add("Kafka's settings are unsafe: " + problem.getMessage()));
        ClusterRules.knownBugs(facts)
                .ifPresent(bugs ->
                        warnings.add("Kafka below 4.4.0 is allowed, but has bugs that affect Seawall: " + bugs));
        ClusterRules.inconvenient(facts).ifPresent(warnings::add);
        var unread = settings.brokers().unread();
        if (unread != null) {
            warnings.add("the brokers' settings cannot be read and were not checked: " + unread);
        }
        return warnings;
    }

    private void warn(List<String> warnings) {
        for (var warning : reported.found(warnings)) {
            LOG.atWarn()
                    .setMessage("the Kafka cluster has a problem; logged once until that changes")
                    .addKeyValue("error", warning)
                    .log();
        }
    }

    /** Reads the brokers' settings. If this user may not read them, they are not checked, and the log warns of it. */
    private CompletableFuture<Brokers> brokers() {
        return KafkaTopicAdmin.future(admin.describeCluster().nodes())
                .thenCompose(nodes ->
                        KafkaTopicAdmin.future(admin.describeConfigs(resources(List.copyOf(nodes)), withinAMoment())
                                .all()))
                .thenApply(configs -> new Brokers(settings(configs), null))
                .exceptionally(error -> new Brokers(Map.of(), String.valueOf(error.getMessage())));
    }

    /** Limits the wait: each broker answers for itself, and a broker that hangs must not delay an opening. */
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
        configs.forEach(
                (broker, config) -> brokers.put(Integer.valueOf(broker.name()), KafkaTopicAdmin.settings(config)));
        return brokers;
    }

    /** Kafka creates this topic at the first transaction. Empty until then, and if this user may not describe it. */
    private CompletableFuture<OptionalInt> transactionLogReplicas() {
        return KafkaTopicAdmin.future(admin.describeTopics(List.of(TRANSACTION_LOG))
                        .topicNameValues()
                        .get(TRANSACTION_LOG))
                .thenApply(topic -> topic.partitions().stream()
                        .mapToInt(partition -> partition.replicas().size())
                        .min())
                .exceptionally(absent -> OptionalInt.empty());
    }
}
