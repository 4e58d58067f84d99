package io.seawall.walkafka.internal.client;

import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.ForeignTransactions;
import io.seawall.walkafka.admin.KafkaTopics;
import io.seawall.walkafka.admin.Topic;
import io.seawall.walkafka.admin.TopicOutcome;
import io.seawall.walkafka.admin.TopicOutcome.Kind;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.internal.format.TopicRules;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.port.LogTrimmer;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.port.TopicAdmin;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Creates, describes and trims the topics under the prefix, with Kafka's admin client. */
final class KafkaTopicAdmin implements KafkaTopics, TopicAdmin, LogTrimmer {
    private static final int LONGEST_CALL_S = 30;
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(15);

    private final Admin admin;
    private final KafkaConnection connection;
    private final WalSettings settings;
    private final Time time;
    private final KafkaCluster cluster;
    private final LogSizes logSizes;
    private final SharedRequests<String, Facts> descriptions;

    KafkaTopicAdmin(Admin admin, KafkaConnection connection, WalSettings settings, Time time) {
        this.admin = admin;
        this.connection = connection;
        this.settings = settings;
        this.time = time;
        this.cluster = new KafkaCluster(admin, connection.strictTopics(), time);
        this.logSizes = new LogSizes(admin, connection);
        this.descriptions = new SharedRequests<>(topic -> cluster.checked().thenCompose(fit -> facts(topic)));
    }

    @Override
    public void verifyCluster() {
        try {
            Futures.joined(cluster.verify().orTimeout(LONGEST_CALL_S, TimeUnit.SECONDS));
        } catch (RuntimeException failed) {
            var error = KafkaErrors.walException("use this Kafka cluster", failed);
            throw error.code() == ErrorCode.UNAVAILABLE ? noAnswer(error) : error;
        }
    }

    private WalException noAnswer(WalException error) {
        return error.problem()
                .expected(
                        "an answer of a broker at " + connection.adminSettings().get("bootstrap.servers"))
                .fix("check that Kafka runs there and this machine reaches it, or correct bootstrap.servers"
                        + " (kafka.bootstrap.servers in a node's configuration)")
                .exception();
    }

    @Override
    public CompletableFuture<Void> askBroker() {
        return cluster.askBroker();
    }

    @Override
    public CompletableFuture<Void> askController() {
        return cluster.askController();
    }

    @Override
    public TopicOutcome create(TopicSpec spec) {
        PChannel.checkTopic(spec.name());
        check(spec);
        var replicas = spec.replicationFactor().orElseGet(() -> Math.min(3, brokers()));
        var topic = new NewTopic(connection.topicName(spec.name()), spec.pchannels(), (short) replicas);
        var config = new HashMap<>(TopicRules.required(settings, replicas));
        config.put(TopicConfig.COMPRESSION_TYPE_CONFIG, toKafka(spec.compression()));
        topic.configs(config);
        try {
            wait(admin.createTopics(List.of(topic)).all());
        } catch (TopicExistsException exists) {
            return reconcile(spec);
        } catch (InvalidReplicationFactorException tooFew) {
            throw tooFewBrokers(spec, replicas, brokers(), tooFew);
        } catch (RuntimeException error) {
            throw KafkaErrors.changeFailed("create topic " + spec.name(), error);
        }
        return new TopicOutcome(Kind.CREATED, awaitVisible(spec.name(), spec.pchannels()));
    }

    /** Returns the error of a topic with more replicas than Kafka can place. Its controller places none on a broker that was away. */
    static WalException tooFewBrokers(TopicSpec spec, int replicas, int brokers, Throwable refused) {
        if (replicas <= brokers) {
            return Problem.of(ErrorCode.UNAVAILABLE, "create topic " + spec.name())
                    .found("fewer than " + replicas + " brokers that take new replicas, of " + brokers)
                    .expected("as many as there are replicas")
                    .fix("check whether all brokers run, and try again in some seconds")
                    .cause(refused)
                    .exception();
        }
        return Problem.of(ErrorCode.INVALID, "create topic " + spec.name())
                .found("replicationFactor " + replicas)
                .expected("at most the number of brokers, " + brokers)
                .cause(refused)
                .exception();
    }

    private static void check(TopicSpec spec) {
        var replicas = spec.replicationFactor().orElse(1);
        if (spec.pchannels() < 1 || replicas < 1 || replicas > Short.MAX_VALUE) {
            throw Problem.of(ErrorCode.INVALID, "create topic " + spec.name())
                    .found(spec.pchannels() + " pchannels, replicationFactor " + replicas)
                    .expected("1 or more pchannels, replicationFactor 1 to " + Short.MAX_VALUE)
                    .exception();
        }
        if (!TopicSpec.COMPRESSIONS.contains(spec.compression())) {
            throw Problem.of(ErrorCode.INVALID, "create topic " + spec.name())
                    .found("compression '" + spec.compression() + "'")
                    .expected("one of " + TopicSpec.COMPRESSIONS)
                    .exception();
        }
    }

    private TopicOutcome reconcile(TopicSpec spec) {
        var found = found(spec.name());
        var otherReplicas = spec.replicationFactor().orElse(found.replicationFactor()) != found.replicationFactor();
        if (otherReplicas || !spec.compression().equals(found.compression()) || spec.pchannels() < found.pchannels()) {
            return new TopicOutcome(Kind.CONFLICT, found);
        }
        if (spec.pchannels() == found.pchannels()) {
            return new TopicOutcome(Kind.SAME, found);
        }
        var grow = Map.of(connection.topicName(spec.name()), NewPartitions.increaseTo(spec.pchannels()));
        try {
            wait(admin.createPartitions(grow).all());
        } catch (RuntimeException error) {
            throw KafkaErrors.changeFailed("grow topic " + spec.name(), error);
        }
        return new TopicOutcome(Kind.GROWN, awaitVisible(spec.name(), spec.pchannels()));
    }

    private Topic found(String name) {
        return describeNow(name).orElseThrow(() -> notFound(name));
    }

    /**
     * Waits until every partition has a leader. A transaction whose coordinator does not know the leader yet could lose its
     * marker, so no caller may open a pchannel earlier.
     */
    private Topic awaitVisible(String name, int pchannels) {
        try {
            return visible(name, pchannels);
        } catch (WalException error) {
            throw error.problem().effect(Effect.APPLIED).exception();
        }
    }

    private Topic visible(String name, int pchannels) {
        var deadline = time.deadline(VISIBLE_WITHIN);
        while (true) {
            // Each request may reach another broker, and one of them may not know the topic yet.
            var topic = isVisible(name, pchannels) ? describeNow(name) : Optional.<Topic>empty();
            if (topic.isPresent() && topic.get().pchannels() >= pchannels) {
                return topic.get();
            }
            if (deadline.isPast()) {
                throw Problem.of(ErrorCode.UNAVAILABLE, "create topic " + name)
                        .found("no leader for every partition within " + VISIBLE_WITHIN)
                        .fix("the topic is created; check that all brokers are up")
                        .exception();
            }
            Futures.joined(time.pause(Duration.ofMillis(50)));
        }
    }

    private boolean isVisible(String name, int pchannels) {
        return description(name)
                .map(topic -> topic.partitions().size() >= pchannels
                        && topic.partitions().stream()
                                .allMatch(partition -> partition.leader() != null
                                        && !partition.leader().isEmpty()))
                .orElse(false);
    }

    @Override
    public void delete(String name) {
        PChannel.checkTopic(name);
        try {
            wait(admin.deleteTopics(List.of(connection.topicName(name))).all());
        } catch (UnknownTopicOrPartitionException unknown) {
            throw notFound(name);
        } catch (RuntimeException error) {
            throw KafkaErrors.changeFailed("delete topic " + name, error);
        }
    }

    @Override
    public List<Topic> list() {
        var names = get("list topics", admin.listTopics().names());
        var topics = new ArrayList<Topic>();
        names.stream()
                .filter(name -> name.startsWith(connection.prefix()))
                .map(name -> name.substring(connection.prefix().length()))
                .filter(KafkaTopicAdmin::isAllowed)
                .sorted()
                .forEach(name -> describeNow(name).ifPresent(topics::add));
        return topics;
    }

    private static boolean isAllowed(String name) {
        try {
            PChannel.checkTopic(name);
            return true;
        } catch (WalException notOurs) {
            return false;
        }
    }

    @Override
    public Optional<Topic> describeNow(String name) {
        PChannel.checkTopic(name);
        try {
            var facts = facts(name).join();
            var compression = facts.settings().getOrDefault(TopicConfig.COMPRESSION_TYPE_CONFIG, "producer");
            return Optional.of(new Topic(name, facts.partitions(), facts.replicationFactor(), fromKafka(compression)));
        } catch (CompletionException error) {
            var translated = KafkaErrors.walException("describe topic " + name, error);
            if (translated.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw translated;
        }
    }

    /**
     * Checks the cluster, then describes the topic. Every opening calls this, and so is refused on an unfit cluster. Openings of one
     * topic at the same time share the requests.
     */
    @Override
    public CompletableFuture<Facts> describe(String topic) {
        return descriptions.ask(topic);
    }

    private CompletableFuture<Facts> facts(String topic) {
        var name = connection.topicName(topic);
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        var description =
                future(admin.describeTopics(List.of(name)).topicNameValues().get(name));
        var configs = future(admin.describeConfigs(List.of(resource)).values().get(resource));
        return description
                .thenCombine(configs, (found, config) -> {
                    var replicas = found.partitions().get(0).replicas().size();
                    return new Facts(
                            found.topicId().toString(), found.partitions().size(), replicas, settings(config));
                })
                .exceptionallyCompose(error ->
                        CompletableFuture.failedFuture(KafkaErrors.walException("describe topic " + topic, error)));
    }

    /** Returns the settings that have a value, by name. */
    static Map<String, String> settings(Config config) {
        var all = new HashMap<String, String>();
        config.entries().forEach(entry -> {
            if (entry.value() != null) {
                all.put(entry.name(), entry.value());
            }
        });
        return all;
    }

    @Override
    public CompletableFuture<Map<PChannel, Long>> logBytes(Collection<PChannel> pchannels) {
        return logSizes.of(pchannels);
    }

    @Override
    public ForeignTransactions foreignTransactions() {
        return new KafkaForeignTransactions(admin, connection);
    }

    @Override
    public CompletableFuture<Void> deleteBelow(PChannel pchannel, long offset) {
        var partition = new TopicPartition(connection.topicName(pchannel.topic()), pchannel.partition());
        var deletion = Map.of(partition, RecordsToDelete.beforeOffset(offset));
        return future(admin.deleteRecords(deletion).all())
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(
                        KafkaErrors.changeFailed("delete old records of " + pchannel, error)
                                .problem()
                                .pchannel(pchannel)
                                .exception()));
    }

    static <T> CompletableFuture<T> future(@Nullable KafkaFuture<T> answer) {
        return Objects.requireNonNull(answer, "Kafka answers for what was asked for")
                .toCompletionStage()
                .toCompletableFuture();
    }

    private Optional<TopicDescription> description(String name) {
        var kafkaName = connection.topicName(name);
        try {
            var found = wait(admin.describeTopics(List.of(kafkaName)).allTopicNames());
            return Optional.ofNullable(found.get(kafkaName));
        } catch (UnknownTopicOrPartitionException notYet) {
            return Optional.empty();
        } catch (RuntimeException error) {
            throw KafkaErrors.walException("describe topic " + name, error);
        }
    }

    private int brokers() {
        return get("count brokers", admin.describeCluster().nodes()).size();
    }

    private static WalException notFound(String name) {
        return Problem.of(ErrorCode.NOT_FOUND, "use topic " + name)
                .found("no such topic")
                .fix("create it")
                .exception();
    }

    private static String toKafka(String compression) {
        return compression.equals(TopicSpec.NO_COMPRESSION) ? "producer" : compression;
    }

    private static String fromKafka(String compression) {
        return compression.equals("producer") || compression.equals("uncompressed")
                ? TopicSpec.NO_COMPRESSION
                : compression;
    }

    /** Waits for a result and translates every error. */
    private static <T> T get(String operation, KafkaFuture<T> future) {
        try {
            return wait(future);
        } catch (RuntimeException error) {
            throw KafkaErrors.walException(operation, error);
        }
    }

    /** Waits for a result and throws Kafka's own exception if there is one. */
    private static <T> T wait(KafkaFuture<T> future) {
        try {
            return future.get(LONGEST_CALL_S, TimeUnit.SECONDS);
        } catch (ExecutionException error) {
            throw error.getCause() instanceof RuntimeException cause ? cause : new KafkaException(error.getCause());
        } catch (TimeoutException late) {
            throw new KafkaException("no answer within " + LONGEST_CALL_S + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptException(interrupted);
        }
    }
}
