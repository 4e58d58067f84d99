package io.seawall.it.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.it.kit.TestKafka;
import io.seawall.it.proxy.Frame.Direction;
import io.seawall.it.proxy.FrameFault;
import io.seawall.it.proxy.KafkaProxy;
import io.seawall.kafkalocal.LocalBroker;
import io.seawall.kafkalocal.LocalKafka;
import io.seawall.kafkalocal.LocalKafkaBuilder;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.RetryableException;
import io.seawall.wal.WalReaders;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Brokers that can be killed and paused, behind a proxy that can hit single requests and answers, and logs on them in this
 * process. The test's own requests bypass the proxy. For one test class.
 */
public final class FaultyKafka implements AutoCloseable {
    private static final String PREFIX = "faults-";
    private static final int LONGEST_CALL_S = 30;
    private static final int MOST_NAMES = 100;

    private final KafkaProxy proxy;
    private final LocalKafka brokers;
    private final Admin admin;
    private final List<KafkaWals> connected = new ArrayList<>();
    private final WalReaders readers;

    private FaultyKafka(KafkaProxy proxy, LocalKafka brokers) {
        this.proxy = proxy;
        this.brokers = brokers;
        // The broker that gets the request may be stopped. The client learns of another one only with new metadata.
        this.admin = Admin.create(Map.<String, Object>of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers.bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000,
                AdminClientConfig.METADATA_MAX_AGE_CONFIG, 500));
        this.readers = directly("judge").readers();
    }

    /**
     * Starts the brokers and the proxy.
     *
     * @param count the number of brokers
     * @param settings further settings of the brokers
     */
    public static FaultyKafka start(int count, UnaryOperator<LocalKafkaBuilder> settings) {
        var description = TestKafka.killable().brokers(count);
        var proxy = KafkaProxy.listen(count);
        try {
            var brokers = settings.apply(description.proxyPorts(proxy.ports())).start();
            proxy.forward(id -> brokers.broker(id).detourPort());
            return new FaultyKafka(proxy, brokers);
        } catch (RuntimeException error) {
            proxy.close();
            throw error;
        }
    }

    KafkaProxy proxy() {
        return proxy;
    }

    public LocalBroker broker(int id) {
        return brokers.broker(id);
    }

    List<LocalBroker> brokers() {
        return brokers.brokers();
    }

    public Admin admin() {
        return admin;
    }

    public String prefix() {
        return PREFIX;
    }

    /** Returns the addresses of the brokers themselves, not of the proxy. */
    String bootstrapServers() {
        return brokers.bootstrapServers();
    }

    /** Returns logs of a node that reaches the brokers through the proxy; closed together with this object. */
    KafkaWals throughProxy(String node) {
        return throughProxy(node, QuickSettings.rolling());
    }

    KafkaWals throughProxy(String node, WalSettings settings) {
        return connect(proxy.bootstrapServers(), node, settings);
    }

    /** Returns how to connect through the proxy. */
    public KafkaConnection connectionThroughProxy() {
        return connection(proxy.bootstrapServers());
    }

    /** Returns logs of a node that bypasses the proxy; closed together with this object. */
    KafkaWals directly(String node) {
        return connect(bootstrapServers(), node, QuickSettings.rolling());
    }

    /** Returns readers that bypass the proxy. */
    WalReaders readers() {
        return readers;
    }

    KafkaWals directly(String node, WalSettings settings) {
        return connect(bootstrapServers(), node, settings);
    }

    private static KafkaConnection connection(String servers) {
        // A request without an answer is sent again after this time.
        var producer = Map.<String, Object>of("request.timeout.ms", 2_000);
        return new KafkaConnection(PREFIX, true, Map.of("bootstrap.servers", servers), producer, Map.of(), Map.of());
    }

    private KafkaWals connect(String servers, String node, WalSettings settings) {
        var wals = KafkaWals.connect(connection(servers), settings, NodeIdentity.withoutUrl(node));
        connected.add(wals);
        return wals;
    }

    /** Opens a log; throws the error of the opening without wrapping it. */
    static FlushableWal open(KafkaWals by, PChannel pchannel, long term) {
        try {
            return by.opener().open(pchannel, term).wal().join();
        } catch (CompletionException error) {
            throw error.getCause() instanceof RuntimeException cause ? cause : error;
        }
    }

    /** Creates a topic of one pchannel, with as many replicas as there are brokers, at most 3. */
    PChannel create(KafkaWals by, String topic) {
        // The controller places no replica on a broker that a test has stopped until it hears of it again.
        Awaitility.await("topic " + topic)
                .atMost(Duration.ofMinutes(1))
                .ignoreException(RetryableException.class)
                .until(() -> by.topics().create(TopicSpec.of(topic, 1)) != null);
        return new PChannel(topic, 0);
    }

    TopicPartition partition(PChannel pchannel) {
        return new TopicPartition(PREFIX + pchannel.topic(), pchannel.partition());
    }

    /** Returns the transactional id of a lane. */
    static String transactionalId(PChannel pchannel, String lane) {
        return PREFIX + pchannel + "-" + lane;
    }

    /** Returns what the coordinator knows of a lane. */
    TransactionDescription transaction(PChannel pchannel, String lane) {
        var id = transactionalId(pchannel, lane);
        return get(admin.describeTransactions(List.of(id)).description(id));
    }

    /** Waits until Kafka has expired the transactional id of a lane; only if the brokers are set to expire ids soon. */
    public void awaitForgotten(PChannel pchannel, String lane) {
        Awaitility.await("Kafka forgets lane " + lane + " of " + pchannel)
                .atMost(Duration.ofSeconds(LONGEST_CALL_S))
                .untilAsserted(() -> assertThatThrownBy(() -> transaction(pchannel, lane))
                        .hasRootCauseInstanceOf(TransactionalIdNotFoundException.class));
    }

    /** Returns the node id of the active controller. */
    int controller() {
        return get(admin.describeMetadataQuorum().quorumInfo()).leaderId();
    }

    /** Returns a pchannel of a topic that is not created yet, whose lane A is not coordinated by the active controller. */
    PChannel coordinatedApart(String topic) {
        for (var number = 0; number < MOST_NAMES; number++) {
            var pchannel = new PChannel(topic + "-" + number, 0);
            get(admin.fenceProducers(List.of(transactionalId(pchannel, "a"))).all()); // creates the id
            if (transaction(pchannel, "a").coordinatorId() != controller()) {
                return pchannel;
            }
        }
        throw new IllegalStateException("the active controller coordinates all of " + MOST_NAMES + " names");
    }

    /** Returns the node id of the partition's leader. */
    int leader(PChannel pchannel) {
        return describe(partition(pchannel)).leader().id();
    }

    /** Returns how often the partition has had a new leader, as far as its leader knows. */
    int leaderEpoch(PChannel pchannel) {
        var partition = partition(pchannel);
        return get(admin().listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition))
                .leaderEpoch()
                .orElse(0);
    }

    /** Returns leader and replicas of a partition. */
    TopicPartitionInfo describe(TopicPartition partition) {
        var topic = partition.topic();
        var described =
                get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
        return described.partitions().get(partition.partition());
    }

    /**
     * Makes every new transaction of a client time out after this time, regardless of the timeout that the client requests.
     */
    public FrameFault lowerTransactionTimeout(Duration timeout, String client) {
        return proxy.plant(FrameFault.rewrite(Direction.REQUEST, ApiKeys.INIT_PRODUCER_ID, frame -> {
                    var bytes = ByteBuffer.wrap(frame.bytes());
                    var header = RequestHeader.parse(bytes);
                    var request = InitProducerIdRequest.parse(new ByteBufferAccessor(bytes), header.apiVersion());
                    request.data().setTransactionTimeoutMs((int) timeout.toMillis());
                    return frame.with(request.serializeWithHeader(header).array());
                })
                .ofClient(client));
    }

    /** Returns the result of an admin call; waits for a bounded time. */
    static <T> T get(@Nullable KafkaFuture<T> future) {
        try {
            Objects.requireNonNull(future, "Kafka's client returns a future for everything that was requested");
            return future.get(LONGEST_CALL_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException error) {
            throw new IllegalStateException(error);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        connected.forEach(KafkaWals::close);
        admin.close(Duration.ofSeconds(1));
        brokers.close();
        proxy.close();
    }
}
